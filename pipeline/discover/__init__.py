"""Discovery pages to what they offer; pure, with neither network, nor Scrapy, nor SQL."""
