"""`python -m adam` is the command `adam`."""

from adam.cli.commands import main

if __name__ == "__main__":
    main()
