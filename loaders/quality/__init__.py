"""Great Expectations suites over each batch being landed; a broken expectation becomes a finding on its record."""
