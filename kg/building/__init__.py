"""The whole line at any scale: files → shards → one version of a build, in this process, in workers or on other machines."""
