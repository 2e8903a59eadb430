"""`python -m adam` is the command `adam`."""

from adam.cli import main

if __name__ == "__main__":
    main()
