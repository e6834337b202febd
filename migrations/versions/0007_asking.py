"""What is asked of the database: full-text search, the sentences that travel, and the views that answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FUNCTIONS = r"""
create function search_config(language text) returns text language sql immutable parallel safe as $$
    select case left(lower(language), 2)
        when 'ar' then 'arabic' when 'ca' then 'catalan' when 'da' then 'danish' when 'de' then 'german'
        when 'el' then 'greek' when 'en' then 'english' when 'es' then 'spanish' when 'eu' then 'basque'
        when 'fi' then 'finnish' when 'fr' then 'french' when 'ga' then 'irish' when 'hi' then 'hindi'
        when 'hu' then 'hungarian' when 'hy' then 'armenian' when 'id' then 'indonesian' when 'it' then 'italian'
        when 'lt' then 'lithuanian' when 'nb' then 'norwegian' when 'ne' then 'nepali' when 'nl' then 'dutch'
        when 'nn' then 'norwegian' when 'no' then 'norwegian' when 'pt' then 'portuguese' when 'ro' then 'romanian'
        when 'ru' then 'russian' when 'sr' then 'serbian' when 'sv' then 'swedish' when 'ta' then 'tamil'
        when 'tr' then 'turkish' when 'yi' then 'yiddish' else 'simple' end
$$;
comment on function search_config is
    'The text search configuration for texts of a language; simple, which keeps words as they are, for the others.';

create function search_words(words text) returns text language sql immutable parallel safe as $$
    -- The parser takes what stands between < and > for a tag, and leaves it out; and where the server's locale is C, it
    -- takes typographic quotes and dashes for letters.
    select case when words ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF]'
        then regexp_replace(
            translate(words, '<“”„«»‹›–—…’‘‚ʼ', chr(1) || chr(3) || chr(4) || chr(5) || chr(6) || chr(7) || chr(8) || chr(14) || chr(15) || chr(16) || chr(17) || chr(18) || chr(19) || chr(20) || chr(21)),
            '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF])', chr(2) || '\1' || chr(2), 'g')
        else translate(words, '<“”„«»‹›–—…’‘‚ʼ', chr(1) || chr(3) || chr(4) || chr(5) || chr(6) || chr(7) || chr(8) || chr(14) || chr(15) || chr(16) || chr(17) || chr(18) || chr(19) || chr(20) || chr(21)) end
$$;
comment on function search_words is
    'A text as search takes it: where a script has no spaces, each character is a word, between U+0002; other control characters stand for signs.';

create function index_documents(ids bigint[]) returns void language sql as $$
    insert into search (document_id, config, vector)
    select document.id, config,
           setweight(to_tsvector(config::regconfig, search_words(coalesce(titles.words, ''))), 'A')
           || setweight(to_tsvector(config::regconfig, search_words(left(document.text, 100000))), 'B')
    from document
    cross join lateral (select search_config(document.language) as config) as chosen
    cross join lateral (
        select left(string_agg(distinct version.title, E'\n' order by version.title), 10000) as words
        from version
        where version.document_id = document.id and version.superseded_run_id is null
    ) as titles
    where document.id = any(ids)
    order by document.id
    on conflict (document_id) do update set config = excluded.config, vector = excluded.vector
        where (search.config, search.vector) is distinct from (excluded.config, excluded.vector)
$$;
comment on function index_documents is
    'Brings the search rows of some documents up to date: the titles that hold weigh A, the text B.';

create function index_versions() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform index_documents(array(select distinct document_id from fresh));
    else
        perform index_documents(array(
            select distinct fresh.document_id
            from fresh join stale on stale.id = fresh.id
            where (fresh.title, fresh.document_id, fresh.superseded_run_id)
                is distinct from (stale.title, stale.document_id, stale.superseded_run_id)
            union
            select stale.document_id
            from fresh join stale on stale.id = fresh.id
            where stale.document_id <> fresh.document_id
        ));
    end if;
    return null;
end $$;

create function index_languages() returns trigger language plpgsql as $$
begin
    perform index_documents(array[new.id]);
    return null;
end $$;

create trigger version_is_searched after insert on version
    referencing new table as fresh for each statement execute function index_versions();
create trigger version_is_searched_anew after update on version
    referencing old table as stale new table as fresh for each statement execute function index_versions();
create trigger document_is_searched_anew after update of language on document
    for each row when (search_config(old.language) <> search_config(new.language))
    execute function index_languages();
"""

_NO_FUNCTIONS = """
drop trigger document_is_searched_anew on document;
drop trigger version_is_searched_anew on version;
drop trigger version_is_searched on version;
drop function index_languages();
drop function index_versions();
drop function index_documents(bigint[]);
drop function search_words(text);
drop function search_config(text);
"""

_OUTLET = "coalesce(source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\\.', ''))"

# An article's newest version is what it says now.
_NEWEST = """
    {version}.superseded_run_id is null and not exists (
        select from version as newer
        where newer.article_id = {version}.article_id and newer.number > {version}.number
          and newer.superseded_run_id is null
    )"""

# Of several articles that print the lead's text, one stands for it: one that credits nobody, then the earliest.
_LEADING = f"""
    select version.id as version_id, article.id as article_id, source.key as source, {_OUTLET} as outlet,
           article.address, version.title, version.published_on, version.published_at
    from version
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where version.document_id = {{document}} and {_NEWEST.format(version="version")}
    order by exists (select from credit where credit.version_id = version.id and credit.kind = 'source'),
             version.published_on nulls last, version.published_at nulls last, version.first_seen_at, article.address
    limit 1
"""

_KIND = """
    case
        when place.role = 'digest' then 'digest'
        when place.document_id = story.lead_id then 'identical'
        when longer.kind in ('identical', 'near') then longer.kind
        when shorter.kind in ('identical', 'near') then shorter.kind
        when shorter.kind = 'contains' then 'contained'
        when longer.kind = 'contains' then 'contains'
        else 'indirect'
    end"""

_TO_LEAD = """
    left join relation as shorter on shorter.shorter_id = place.document_id and shorter.longer_id = story.lead_id
    left join relation as longer on longer.longer_id = place.document_id and longer.shorter_id = story.lead_id"""

_VIEWS = {
    "coverage": (
        "Every article as it stands now, a row each: where and when it was published, its text's hash, and its story.",
        f"""
    select article.id as article_id, source.key as source, {_OUTLET} as outlet, source.country, article.address,
           version.title, version.published_on, version.published_at, version.published_origin,
           coalesce(version.published_is_guess, false) as published_is_guess, version.modified_on,
           version.modified_at, version.first_seen_at as captured_at, version.section, version.number as version,
           document.content_hash, document.language, document.word_count as words, place.story_id, place.role,
           case
               when place.story_id is null then null
               when place.document_id <> story.lead_id then {_KIND}
               when version.id = (select version_id from ({_LEADING.format(document="story.lead_id")}) as front) then 'lead'
               else 'identical'
           end as kind
    from version
    join article on article.id = version.article_id
    join document on document.id = version.document_id
    left join source on source.id = article.source_id
    left join story_document as place on place.document_id = document.id and place.role in ('lead', 'copy')
    left join story on story.id = place.story_id
    {_TO_LEAD}
    where {_NEWEST.format(version="version")}
        """,
        {
            "article_id": "the article's number in this database",
            "source": "the source's key, as the event file has it; null where the address belongs to none",
            "outlet": "the source's name, else the address's host",
            "country": "the source's country, two letters",
            "address": "the article's canonical address",
            "title": "as stated; null where none is",
            "published_on": "the day at the place of publication; null where none is stated",
            "published_at": "the instant; null where time or zone is not known",
            "published_origin": "where the date was stated: declared, json-ld, banner, dateline, ...",
            "published_is_guess": "whether the place does not say that it is the date of publication",
            "modified_on": "the day of the last modification that is stated",
            "modified_at": "the instant of that",
            "captured_at": "when its present text was first captured",
            "section": "the section that the page names",
            "version": "the number of its present version; above 1 its text has changed",
            "content_hash": "the text's hash; articles that print the same text share it",
            "language": "the text's language, as a code",
            "words": "words of the text",
            "story_id": "the number of the story that the text is in",
            "role": "lead: its text is the story's lead; copy: it is another text of the story",
            "kind": "how it stands to its story's lead: lead, identical, near, contained (cut), contains (wrapped), indirect",
        },
    ),
    "stories": (
        "Every story, a row each: its lead, how many outlets print it in how many copies of which kind, and over what time.",
        f"""
    select counted.story_id, lead.content_hash as lead_hash, front.outlet as lead_outlet,
           front.source as lead_source, front.title, front.address as lead_address, story.lead_reason,
           lead.language, lead.word_count as words, counted.outlets, counted.articles, counted.articles - 1 as copies,
           greatest(counted.identical - 1, 0) as identical, counted.near, counted.contained, counted.contains,
           counted.indirect, counted.digests, counted.first_published_on, counted.last_published_on,
           counted.first_published_at, counted.last_published_at, counted.first_captured_at
    from (
        select place.story_id,
               count(distinct {_OUTLET}) filter (where place.role <> 'digest') as outlets,
               count(*) filter (where place.role <> 'digest') as articles,
               count(*) filter (where {_KIND} = 'identical') as identical,
               count(*) filter (where {_KIND} = 'near') as near,
               count(*) filter (where {_KIND} = 'contained') as contained,
               count(*) filter (where {_KIND} = 'contains') as contains,
               count(*) filter (where {_KIND} = 'indirect') as indirect,
               count(distinct place.document_id) filter (where place.role = 'digest') as digests,
               min(version.published_on) as first_published_on, max(version.published_on) as last_published_on,
               min(version.published_at) as first_published_at, max(version.published_at) as last_published_at,
               min(version.first_seen_at) as first_captured_at
        from story_document as place
        join story on story.id = place.story_id
        join version on version.document_id = place.document_id
        join article on article.id = version.article_id
        left join source on source.id = article.source_id
        {_TO_LEAD}
        where place.role <> 'revision' and {_NEWEST.format(version="version")}
        group by place.story_id
    ) as counted
    join story on story.id = counted.story_id
    join document as lead on lead.id = story.lead_id
    left join lateral ({_LEADING.format(document="story.lead_id")}) as front on true
        """,
        {
            "story_id": "the story's number; it stays as the story grows",
            "lead_hash": "the hash of the text that leads",
            "lead_outlet": "the outlet that stands for the lead",
            "lead_source": "that outlet's key",
            "title": "the lead's title; null where none is stated",
            "lead_address": "the address of the article that stands for the lead",
            "lead_reason": "why that text leads, in words",
            "language": "the lead's language",
            "words": "words of the lead",
            "outlets": "outlets that print it; digests do not count",
            "articles": "articles that print it; digests do not count",
            "copies": "those without the lead's own",
            "identical": "copies with the same words",
            "near": "copies with a few differences",
            "contained": "copies that were cut",
            "contains": "copies with more around them",
            "indirect": "copies that are linked by way of another copy, or by a ruling",
            "digests": "round-ups that have it beside other stories",
            "first_published_on": "the earliest day that one of its articles states",
            "last_published_on": "the latest day",
            "first_published_at": "the earliest instant that is known",
            "last_published_at": "the latest instant",
            "first_captured_at": "when the first of its articles was captured",
        },
    ),
    "copies": (
        "Who took how much from whom, how much later: a row an article that prints a story beside the one that leads it.",
        f"""
    select place.story_id, {_KIND} as kind, lead.content_hash as lead_hash, front.outlet as lead_outlet,
           front.source as lead_source, front.address as lead_address,
           front.published_on as lead_published_on, front.published_at as lead_published_at,
           document.content_hash as copy_hash, {_OUTLET} as copy_outlet, source.key as copy_source,
           article.address as copy_address, version.title as copy_title, version.published_on as copy_published_on,
           version.published_at as copy_published_at, version.published_on - front.published_on as days_later,
           round((extract(epoch from version.published_at - front.published_at) / 3600)::numeric, 2)::double precision as hours_later,
           round((case when document.id = lead.id then 1
                       else coalesce(longer.containment, shorter.containment_longer) end)::numeric, 3)::double precision as share_of_lead,
           round((case when document.id = lead.id then 1
                       else coalesce(longer.containment_longer, shorter.containment) end)::numeric, 3)::double precision as share_of_copy,
           lead.word_count as lead_words, document.word_count as copy_words,
           array(select distinct name from credit
                 where credit.version_id = version.id and credit.kind = 'source' order by name) as credits
    from story_document as place
    join story on story.id = place.story_id
    join document on document.id = place.document_id
    join document as lead on lead.id = story.lead_id
    join version on version.document_id = place.document_id
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    {_TO_LEAD}
    left join lateral ({_LEADING.format(document="story.lead_id")}) as front on true
    where place.role <> 'revision' and version.id is distinct from front.version_id
      and {_NEWEST.format(version="version")}
        """,
        {
            "story_id": "the story's number",
            "kind": "identical, near, contained (cut), contains (wrapped), indirect, or digest",
            "lead_hash": "the hash of the text that leads",
            "lead_outlet": "the outlet that stands for the lead",
            "lead_source": "that outlet's key",
            "lead_address": "the address of the lead's article",
            "lead_published_on": "the day it states",
            "lead_published_at": "the instant, where it is known",
            "copy_hash": "the hash of the copy's text; the lead's own where the words are the same",
            "copy_outlet": "the outlet that took it",
            "copy_source": "that outlet's key",
            "copy_address": "the address of the copy's article",
            "copy_title": "the copy's title",
            "copy_published_on": "the day the copy states",
            "copy_published_at": "the instant, where it is known",
            "days_later": "days from the lead's date to the copy's; null where one is not stated",
            "hours_later": "hours from the lead to the copy; null where one of the instants is not known",
            "share_of_lead": "share of the lead's 5-word phrases that the copy has, from 0 to 1; null for an indirect one",
            "share_of_copy": "share of the copy's 5-word phrases that the lead has, from 0 to 1",
            "lead_words": "words of the lead",
            "copy_words": "words of the copy",
            "credits": "whom the copy credits with its words",
        },
    ),
    "sources_overlap": (
        "How much two outlets have in common: a row a pair of outlets that print at least one story both.",
        """
    with printed as (
        select story_id, outlet, min(published_on) as on_day, min(published_at) as at_moment
        from coverage
        where story_id is not null and outlet is not null
        group by story_id, outlet
    ), told as (
        select outlet, count(*) as stories from printed group by outlet
    )
    select one.outlet as outlet, other.outlet as other_outlet, count(*) as stories_in_common,
           told.stories as outlet_stories, other_told.stories as other_stories,
           round(count(*)::numeric / told.stories, 3)::double precision as share_of_outlet,
           round(count(*)::numeric / other_told.stories, 3)::double precision as share_of_other,
           count(*) filter (where coalesce(one.at_moment < other.at_moment, one.on_day < other.on_day)) as outlet_first,
           count(*) filter (where coalesce(other.at_moment < one.at_moment, other.on_day < one.on_day)) as other_first
    from printed as one
    join printed as other on other.story_id = one.story_id and other.outlet > one.outlet
    join told on told.outlet = one.outlet
    join told as other_told on other_told.outlet = other.outlet
    group by one.outlet, other.outlet, told.stories, other_told.stories
        """,
        {
            "outlet": "the one of the two outlets whose name is first in the alphabet",
            "other_outlet": "the other",
            "stories_in_common": "stories that both print",
            "outlet_stories": "stories that the first prints",
            "other_stories": "stories that the other prints",
            "share_of_outlet": "share of the first one's stories that the other has too, from 0 to 1",
            "share_of_other": "share of the other's stories that the first has too, from 0 to 1",
            "outlet_first": "of those in common, where the first was earlier, as far as dates are stated",
            "other_first": "where the other was earlier",
        },
    ),
    "quote_carriers": (
        "The sentences that travel, with every article that carries each: a row a sentence and article.",
        f"""
    select sentence.id as quote_id, sentence.text as quote, sentence.word_count as quote_words,
           source.key as source, {_OUTLET} as outlet, article.address, version.title, document.content_hash,
           version.published_on, version.published_at, version.first_seen_at as captured_at,
           substring(document.text from carrier.start + 1 for carrier.length) as carried,
           round(carrier.word_count::numeric / sentence.word_count, 3)::double precision as share,
           carrier.start + 1 as place, carrier.is_quoted
    from carrier
    join sentence on sentence.id = carrier.sentence_id
    join document on document.id = carrier.document_id
    join version on version.document_id = carrier.document_id
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where {_NEWEST.format(version="version")}
        """,
        {
            "quote_id": "the sentence's number",
            "quote": "the sentence, as one of the texts has it",
            "quote_words": "words of the sentence",
            "source": "the key of the source that carries it",
            "outlet": "the outlet that carries it",
            "address": "the address of the article that carries it",
            "title": "that article's title",
            "content_hash": "the hash of that article's text",
            "published_on": "the day that article states",
            "published_at": "the instant, where it is known",
            "captured_at": "when that article's text was first captured",
            "carried": "the words that this article carries of it, as they stand there",
            "share": "share of the sentence's words that it carries, from 0 to 1",
            "place": "where they begin in its text, in characters from 1",
            "is_quoted": "whether most of them stand in quotation marks there",
        },
    ),
    "quotes": (
        "The sentences that travel, a row each: who carried it first, who after, as far as their dates are stated.",
        """
    select quote_id, quote, quote_words, count(distinct content_hash) as texts, count(*) as articles,
           count(distinct outlet) as outlets,
           (array_agg(outlet order by published_on nulls last, published_at nulls last, captured_at, address))[1] as first_outlet,
           (array_agg(content_hash order by published_on nulls last, published_at nulls last, captured_at, address))[1] as first_hash,
           (array_agg(published_on order by published_on nulls last, published_at nulls last, captured_at, address))[1] as first_published_on,
           (array_agg(published_at order by published_on nulls last, published_at nulls last, captured_at, address))[1] as first_published_at,
           (array_agg(outlet order by published_on nulls last, published_at nulls last, captured_at, address))[2:] as then_outlets,
           bool_or(is_quoted) as is_quoted
    from quote_carriers
    group by quote_id, quote, quote_words
    having count(distinct content_hash) > 1
        """,
        {
            "quote_id": "the sentence's number; `quote_carriers` has everybody who carries it",
            "quote": "the sentence, as one of the texts has it",
            "quote_words": "words of the sentence",
            "texts": "distinct texts that carry it, whole or in part",
            "articles": "articles that do",
            "outlets": "outlets that do",
            "first_outlet": "the outlet whose article states the earliest date; undated ones come last",
            "first_hash": "the hash of that article's text",
            "first_published_on": "the day it states; null where no carrier states one",
            "first_published_at": "the instant, where it is known",
            "then_outlets": "the outlets of the other articles, in order of time",
            "is_quoted": "whether one of them has it in quotation marks",
        },
    ),
    "timeline": (
        "Coverage over time: articles by hour, outlet and story. What states no date has a row without a day.",
        """
    select published_on as day, date_trunc('hour', published_at, 'UTC') as hour, source, outlet, story_id,
           count(*) as articles, count(*) filter (where role = 'lead') as of_leads,
           count(*) filter (where role = 'copy') as of_copies
    from coverage
    group by published_on, date_trunc('hour', published_at, 'UTC'), source, outlet, story_id
        """,
        {
            "day": "the day at the place of publication; null where none is stated",
            "hour": "the hour that the instant is in, UTC; null where only the day is known",
            "source": "the source's key",
            "outlet": "the outlet",
            "story_id": "the story's number",
            "articles": "articles of that outlet and story in that hour",
            "of_leads": "those that print their story's lead",
            "of_copies": "those that print another text of it",
        },
    ),
    "removed_lines": (
        "Every line that was removed from an article's present text, with the rule that removed it.",
        f"""
    select source.key as source, {_OUTLET} as outlet, article.address, document.content_hash, removed_line.line,
           removed_line.text, removed_line.rule, removed_line.rule_class, removed_line.position,
           removed_line.confidence
    from removed_line
    join version on version.id = removed_line.version_id
    join document on document.id = version.document_id
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where {_NEWEST.format(version="version")}
        """,
        {
            "source": "the source's key",
            "outlet": "the outlet",
            "address": "the article's address",
            "content_hash": "the hash of the text that it was removed from",
            "line": "which of the extractor's lines it was, from 1",
            "text": "the line as it stood",
            "rule": "the rule that removed it",
            "rule_class": "safe, judged, optional or learned",
            "position": "head: above the first paragraph that was kept; tail: below the last; else body",
            "confidence": "from 0 to 1, by the evidence; no measured probability",
        },
    ),
    "revisions": (
        "Every version of the articles that have had more than one, in order: what each said, and which holds now.",
        f"""
    select source.key as source, {_OUTLET} as outlet, article.address, version.number as version,
           document.content_hash, version.title, version.first_seen_at as captured_at, version.modified_at,
           document.word_count as words, document.word_count - before.words as words_more,
           before.content_hash as previous_hash, version.superseded_run_id is null
           and not exists (
               select from version as newer
               where newer.article_id = version.article_id and newer.number > version.number
                 and newer.superseded_run_id is null
           ) as is_current,
           version.superseded_run_id
    from version
    join article on article.id = version.article_id
    join document on document.id = version.document_id
    left join source on source.id = article.source_id
    left join lateral (
        select earlier_text.content_hash, earlier_text.word_count as words
        from version as earlier join document as earlier_text on earlier_text.id = earlier.document_id
        where earlier.article_id = version.article_id and earlier.number < version.number
        order by earlier.number desc
        limit 1
    ) as before on true
    where exists (
        select from version as sibling where sibling.article_id = version.article_id and sibling.id <> version.id
    )
        """,
        {
            "source": "the source's key",
            "outlet": "the outlet",
            "address": "the article's address",
            "version": "counts the article's versions from 1",
            "content_hash": "the hash of what it said",
            "title": "its title then",
            "captured_at": "when that text was first captured",
            "modified_at": "the modification that it states, where the instant is known",
            "words": "words of that text",
            "words_more": "words more than in the version before; negative: fewer; null for the first",
            "previous_hash": "the hash of the version before",
            "is_current": "whether the article says this now",
            "superseded_run_id": "the re-processing since which newer rules give another text; null where the outlet changed it",
        },
    ),
    "texts": (
        "Every clean text, a row each. Kept apart from `coverage`, so that `select *` there stays quick.",
        """
    select content_hash, language, language_origin, word_count as words, text, encode(sha256, 'hex') as sha256,
           hash_origin, stored_at
    from document
        """,
        {
            "content_hash": "the text's hash",
            "language": "its language, as a code",
            "language_origin": "where that comes from: declared, html-lang, detected",
            "words": "its words",
            "text": "the clean text, one paragraph a line",
            "sha256": "the SHA-256 of the text, in hex",
            "hash_origin": "declared by a seed's name, or computed from the SHA-256",
            "stored_at": "when it was stored",
        },
    ),
    "credits": (
        "Whom articles credit with their words or cite, a row each, with the text that says so.",
        f"""
    select source.key as source, {_OUTLET} as outlet, article.address, document.content_hash,
           credit.name as credited, credit.kind, credit.place, credit.origin, credit.evidence
    from credit
    join version on version.id = credit.version_id
    join document on document.id = version.document_id
    join article on article.id = version.article_id
    left join source on source.id = article.source_id
    where {_NEWEST.format(version="version")}
        """,
        {
            "source": "the source's key",
            "outlet": "the outlet that gives the credit",
            "address": "the article's address",
            "content_hash": "the hash of its text",
            "credited": "whom it credits",
            "kind": "source: the words are theirs; cited: they are referred to in prose",
            "place": "dateline, tail, byline, prose, markup, or line (one that was removed)",
            "origin": "the rule or the place in the page that says it",
            "evidence": "the text that says so",
        },
    ),
    "relations": (
        "How two texts are related, a row a pair, with the measured evidence.",
        """
    select one.content_hash as shorter_hash, other.content_hash as longer_hash, relation.kind,
           round(relation.containment::numeric, 4)::double precision as containment,
           round(relation.containment_longer::numeric, 4)::double precision as containment_longer,
           round(relation.jaccard::numeric, 4)::double precision as jaccard, relation.longest_run,
           round(relation.unquoted::numeric, 4)::double precision as unquoted, relation.shared_shingles
    from relation
    join document as one on one.id = relation.shorter_id
    join document as other on other.id = relation.longer_id
        """,
        {
            "shorter_hash": "the hash of the text with fewer words",
            "longer_hash": "the hash of the other",
            "kind": "how the longer one stands to the shorter: identical, near, contains, quotes",
            "containment": "share of the shorter one's 5-word phrases that the longer has",
            "containment_longer": "share of the longer one's that the shorter has",
            "jaccard": "phrases of both over phrases of either",
            "longest_run": "words in the longest passage that both have",
            "unquoted": "share of the shorter one's words outside quotation marks that lie in shared passages",
            "shared_shingles": "distinct 5-word phrases that both have",
        },
    ),
}


def upgrade() -> None:
    op.create_table(
        "search",
        sa.Column("document_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column(
            "config", sa.Text(), nullable=False, comment="the text search configuration of its language"
        ),
        sa.Column("vector", postgresql.TSVECTOR(), nullable=False, comment="titles weigh A, the text B"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_search_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_search")),
        comment="A document's words as full-text search finds them; triggers keep them up to date.",
    )
    op.create_index(op.f("ix_search_vector"), "search", ["vector"], postgresql_using="gin")
    op.create_index(op.f("ix_search_config"), "search", ["config"])
    op.create_table(
        "sentence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False, comment="a hash of its folded words"),
        sa.Column("text", sa.Text(), nullable=False, comment="as one of the documents has it"),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint("key", name=op.f("uq_sentence_key")),
        comment="A sentence that stands in more than one document.",
    )
    op.create_table(
        "carrier",
        sa.Column("sentence_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False, comment="characters of the text before it"),
        sa.Column("length", sa.Integer(), nullable=False, comment="in characters"),
        sa.Column("word_count", sa.Integer(), nullable=False, comment="words of the sentence that are there"),
        sa.Column("is_quoted", sa.Boolean(), nullable=False, comment="most of them in quotation marks"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_carrier_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sentence_id"], ["sentence.id"], name=op.f("fk_carrier_sentence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sentence_id", "document_id", name=op.f("pk_carrier")),
        comment="A document that carries a sentence, whole or in part, and where.",
    )
    op.create_index(op.f("ix_carrier_document_id"), "carrier", ["document_id"])
    op.add_column(
        "relation",
        sa.Column(
            "sentences_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null until the sentences that both have were looked for",
        ),
    )
    op.create_index(
        "ix_relation_sentences",
        "relation",
        ["shorter_id", "longer_id"],
        postgresql_where=sa.text("sentences_at is null"),
    )
    op.get_bind().exec_driver_sql(_FUNCTIONS)
    op.execute("select index_documents(array(select id from document))")
    for name, (comment, query, columns) in _VIEWS.items():
        op.get_bind().exec_driver_sql(f"create view {name} as {query}")
        op.execute(f"comment on view {name} is {_quoted(comment)}")
        for column, meaning in columns.items():
            op.execute(f"comment on column {name}.{column} is {_quoted(meaning)}")


def downgrade() -> None:
    for name in reversed(_VIEWS):
        op.execute(f"drop view {name}")
    op.execute(_NO_FUNCTIONS)
    op.drop_index("ix_relation_sentences", table_name="relation")
    op.drop_column("relation", "sentences_at")
    op.drop_table("carrier")
    op.drop_table("sentence")
    op.drop_table("search")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
