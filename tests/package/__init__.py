"""The package as its users get it: built, installed away from this repository, and asked to do one job of every kind.

``python -m tests.package`` (``make package``) does so with every Python of this machine and the dependencies of a registry;
``tests/test_package.py`` without network, with the libraries of the environment that runs the tests.
"""
