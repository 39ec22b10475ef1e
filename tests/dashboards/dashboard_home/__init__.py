"""A fictional provider and its published snapshot, for the tests of the dashboards."""
