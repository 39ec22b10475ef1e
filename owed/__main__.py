"""`python -m owed`."""

from owed.cli import main

if __name__ == "__main__":
    main()
