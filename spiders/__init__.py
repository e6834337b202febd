"""The spiders: one module a way of discovering, one a special outlet."""
