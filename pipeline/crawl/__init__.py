"""What plugs into Scrapy: settings, and with them the promises that every crawl keeps."""
