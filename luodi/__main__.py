"""``python -m luodi``: the same command as ``luodi``."""

from luodi.cli import main

if __name__ == "__main__":
    main()
