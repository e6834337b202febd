"""A local web site for testing the crawler: invented outlets, real HTTP, and the truth about every page.

    with Site() as site:                      # tests.site.server: a loopback port, hosts by Host header
        site.port, site.url("agency.test", "/news/2024-12-04/")
        site.requests, site.of(host), site.gaps(host), site.reset(), site.switches["corrected"] = True
    truth.articles(), truth.of_host(host)     # tests.site.truth: what a crawler ought to find
    TROUBLE                                   # tests.site.hosts.trouble: path -> what it plays

`python -m tests.site --port 8099` runs it by itself. Everything in `articles/` is invented.
"""
