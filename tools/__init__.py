"""What keeps the repository's own pages true: notebooks run anew, documentation made of the sources. Not part of the package."""
