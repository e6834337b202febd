"""newsfold: fold the coverage of one event into stories, in Postgres."""
