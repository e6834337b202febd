"""What every article prints now, a narrow row each, of which views and lists are counted; sentences go with relations."""

import json
import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The names that agencies go by, as matching knew them when this was written.
_AGENCIES = {
    "Reuters": ("Thomson Reuters", "Рейтер", "Ройтерс", "Рейтерз", "agence Reuters"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "АФП", "Франс Пресс", "Франс-Пресс"),
    "Associated Press": ("The Associated Press", "Ассошиэйтед Пресс", "AP", "АП"),
    "dpa": ("Deutsche Presse-Agentur", "dpa-AFX", "dpa international", "Deutschen Presse-Agentur", "ДПА"),
    "ANSA": ("Agenzia ANSA", "АНСА"),
    "Adnkronos": (),
    "askanews": (),
    "AGI": ("Agenzia Italia",),
    "EFE": ("Agencia EFE", "Agencia Efe", "EFE Verifica"),
    "Europa Press": (),
    "PAP": ("Polska Agencja Prasowa", "Polish Press Agency", "ПАП"),
    "ANP": (),
    "Belga": ("Belga News Agency", "agence Belga"),
    "APA": ("Austria Presse Agentur", "Austria Press Agency"),
    "Keystone-SDA": ("Keystone-ATS", "Schweizerische Depeschenagentur", "SDA", "ATS"),
    "epd": ("Evangelischer Pressedienst",),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "SID": ("Sport-Informations-Dienst", "sid"),
    "TASS": ("ТАСС", "ITAR-TASS", "ИТАР-ТАСС"),
    "RIA Novosti": ("РИА Новости", "РІА Новості", "Ria-Novosti"),
    "Interfax": ("Интерфакс", "Інтерфакс"),
    "Interfax-Ukraine": (
        "Interfax Ukraine",
        "Інтерфакс-Україна",
        "Інтерфакс Україна",
        "Интерфакс-Украина",
        "Інтерфаксу-Україна",
        "Interfax-Ukraine News Agency",
    ),
    "Ukrinform": ("Укрінформ", "Укринформ", "Укрінформу", "Укрінформом"),
    "UNIAN": ("УНІАН", "УНИАН"),
    "UNN": ("УНН", "Українські Національні Новини", "Украинские Национальные Новости"),
    "RBC-Ukraine": ("РБК-Україна", "РБК-Украина", "RBC Ukraine", "RBK-Ukraine"),
    "Ukrainska Pravda": (
        "Ukrayinska Pravda",
        "Українська правда",
        "Української правди",
        "Українській правді",
        "Украинская правда",
        "Украинской правде",
        "Українську правду",
    ),
    "European Pravda": (
        "Європейська правда",
        "Європейської правди",
        "Європейській правді",
        "Европейская правда",
        "Европейской правде",
        "Yevropeiska Pravda",
        "Yevropeyska Pravda",
        "EuroPravda",
        "Європейську правду",
    ),
    "Suspilne": ("Суспільне", "Суспільному", "Суспільного"),
    "Radio Free Europe/Radio Liberty": (
        "RFE/RL",
        "Radio Liberty",
        "Radio Free Europe",
        "Радіо Свобода",
        "Радіо Свободи",
        "Радио Свобода",
        "Радіо Свободі",
    ),
    "Anadolu Agency": ("Anadolu", "Anadolu Ajansı", "Anadolu Ajansi", "AA"),
    "DHA": ("Demirören Haber Ajansı",),
    "İHA": ("İhlas Haber Ajansı",),
    "UPI": ("United Press International",),
    "Xinhua": ("Xinhua News Agency", "Синьхуа", "新华社", "新華社"),
    "CNA": ("Central News Agency",),
    "Kyodo": ("Kyodo News", "共同通信"),
    "Jiji Press": ("Jiji", "時事通信", "AFP-Jiji"),
    "Yonhap": ("Yonhap News Agency", "연합뉴스"),
    "PTI": ("Press Trust of India",),
    "ANI": ("Asian News International",),
    "IANS": ("Indo-Asian News Service",),
    "AAP": ("Australian Associated Press",),
    "PA Media": ("Press Association", "PA news agency", "PA"),
    "The Canadian Press": ("Canadian Press", "La Presse Canadienne"),
    "Bloomberg": ("Bloomberg News", "Блумберг"),
    "Lusa": ("Agência Lusa",),
    "MTI": (),
    "ČTK": ("CTK", "Czech News Agency", "Česká tisková kancelář"),
    "TASR": (),
    "Hina": ("HINA",),
    "Tanjug": ("Танјуг",),
    "TT": ("Tidningarnas Telegrambyrå",),
    "NTB": (),
    "Ritzau": (),
    "STT": (),
    "BNS": ("Baltic News Service",),
    "LETA": (),
    "Agerpres": (),
    "WAM": ("Emirates News Agency", "وام"),
    "SPA": ("Saudi Press Agency", "واس"),
    "QNA": ("Qatar News Agency",),
    "PR Newswire": ("PRNewswire",),
    "Business Wire": ("BUSINESS WIRE",),
    "GlobeNewswire": ("GLOBE NEWSWIRE",),
    "CNN": (),
    "BBC": ("BBC News", "Бі-бі-сі", "Би-би-си", "ВВС"),
    "The New York Times": ("New York Times", "NYT"),
    "The Wall Street Journal": ("Wall Street Journal", "WSJ"),
    "Financial Times": ("The Financial Times",),
    "The Guardian": (),
    "The Washington Post": ("Washington Post",),
    "Politico": ("POLITICO Europe",),
    "Euronews": (),
    "Axios": (),
    "Der Spiegel": ("Spiegel",),
    "Bild": (),
    "Kyiv Independent": ("The Kyiv Independent",),
    "Kyiv Post": (),
    "agencies": (
        "news agencies",
        "agency",
        "wires",
        "wire services",
        "agency reports",
        "agencies inputs",
        "Agenturen",
        "agences",
        "agenzie",
        "agencias",
        "агентства",
    ),
}

_OUTLET = r"coalesce(source.name, regexp_replace(substring(article.address from '^https?://([^/:]+)'), '^www\.', ''))"

_NEWEST = """
    {version}.superseded_run_id is null and not exists (
        select from version as newer
        where newer.article_id = {version}.article_id and newer.number > {version}.number
          and newer.superseded_run_id is null
    )"""

# What articles print by the bare rows: of some documents, or of all.
_NOW = rf"""
    stated as materialized (
        select version.article_id, version.id as version_id, version.document_id, article.source_id, article.address,
               {_OUTLET} as outlet, version.published_on, version.published_at, version.first_seen_at,
               place.story_id, place.role, story.lead_id,
               case
                   when place.story_id is null or place.document_id = story.lead_id then null
                   when longer.kind in ('identical', 'near') then longer.kind
                   when shorter.kind in ('identical', 'near') then shorter.kind
                   when shorter.kind = 'contains' then 'contained'
                   when longer.kind = 'contains' then 'contains'
                   else 'indirect'
               end as kind,
               case when place.document_id = story.lead_id then array(
                   select known_as(credit.name) from credit
                   where credit.version_id = version.id and credit.kind = 'source'
               ) end as credits
        from version
        join article on article.id = version.article_id
        left join source on source.id = article.source_id
        left join story_document as place
            on place.document_id = version.document_id and place.role in ('lead', 'copy')
        left join story on story.id = place.story_id
        left join relation as shorter
            on shorter.shorter_id = place.document_id and shorter.longer_id = story.lead_id
        left join relation as longer
            on longer.longer_id = place.document_id and longer.shorter_id = story.lead_id
        where {{which}} and {_NEWEST.format(version="version")}
    ), credited as materialized (
        select distinct document_id, unnest(credits) as name from stated where cardinality(credits) > 0
    ), now as materialized (
        select article_id, version_id, stated.document_id, source_id, outlet, published_on, published_at, first_seen_at,
               story_id, role,
               case when stated.document_id <> lead_id then kind
                    -- Of several articles that print the lead's text one stands for it: the one that the others
                    -- credit, else one that credits nobody else, and of those the earliest.
                    when lead_id is not null and row_number() over (
                        partition by stated.document_id
                        order by credited.name is null, coalesce(known_as(outlet), '') <> any (credits),
                                 published_on nulls last, published_at nulls last, first_seen_at, address
                    ) = 1 then 'lead'
                    when lead_id is not null then 'identical' end as kind
        from stated
        left join credited on credited.document_id = stated.document_id and credited.name = known_as(stated.outlet)
    )
"""

_FUNCTIONS = rf"""
create function known_as(name text) returns text language sql immutable parallel safe as $$
    select coalesce(
        cast({{agencies}} as jsonb) ->> btrim(
            regexp_replace(translate(lower(normalize(name, nfkc)), '–‑', '--'), '\s+', ' ', 'g'),
            ' .,:;()[]«»“”„"''’‘/'
        ),
        lower(name)
    )
$$;
comment on function known_as is
    'The name that an agency or outlet is known under, in small letters: names are compared by it.';

-- The generic plan, which is made once a session, looks everything up by index; planning anew would cost more.
create function refresh_printings(documents bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan as $$
begin
    with {_NOW.format(which="version.document_id = any(documents)")}, gone as (
        delete from printing
        where document_id = any(documents) and not exists (select from now where now.article_id = printing.article_id)
    )
    insert into printing (article_id, version_id, document_id, source_id, outlet, published_on, published_at,
                          first_seen_at, story_id, role, kind)
    select now.* from now
    left join printing as known on known.article_id = now.article_id
    where known.article_id is null
       or (known.version_id, known.document_id, known.source_id, known.outlet, known.published_on, known.published_at,
           known.first_seen_at, known.story_id, known.role, known.kind)
          is distinct from (now.version_id, now.document_id, now.source_id, now.outlet, now.published_on,
                            now.published_at, now.first_seen_at, now.story_id, now.role, now.kind)
    order by now.article_id
    on conflict (article_id) do update
        set (version_id, document_id, source_id, outlet, published_on, published_at, first_seen_at, story_id, role, kind)
            = (excluded.version_id, excluded.document_id, excluded.source_id, excluded.outlet, excluded.published_on,
               excluded.published_at, excluded.first_seen_at, excluded.story_id, excluded.role, excluded.kind);
end $$;
comment on function refresh_printings is
    'Brings the rows of `printing` up to date that some documents have, or should have.';

create function stale_printings() returns setof bigint language sql stable set jit = off as $$
    with {_NOW.format(which="true")}
    select distinct document.id
    from now
    full join printing as known on known.article_id = now.article_id
    cross join lateral (values (now.document_id), (known.document_id)) as document (id)
    where (known.version_id, known.document_id, known.source_id, known.outlet, known.published_on, known.published_at,
           known.first_seen_at, known.story_id, known.role, known.kind)
          is distinct from (now.version_id, now.document_id, now.source_id, now.outlet, now.published_on,
                            now.published_at, now.first_seen_at, now.story_id, now.role, now.kind)
      and document.id is not null
$$;
comment on function stale_printings is
    'The documents that have rows of `printing` which are not as they should be: two transactions can miss each other.';

create function refresh_articles(articles bigint[]) returns void language plpgsql as $$
begin
    -- What they print by the row, and what they print indeed: where those differ, both are looked at.
    if cardinality(articles) > 0 then
        perform refresh_printings(array(
            select document_id from printing where article_id = any(articles)
            union
            select newest.document_id
            from unnest(articles) as changed (id)
            cross join lateral (
                select document_id from version
                where version.article_id = changed.id and superseded_run_id is null
                order by number desc limit 1
            ) as newest
        ));
    end if;
end $$;
comment on function refresh_articles is 'As `refresh_printings`, for the documents of some articles.';

create function versions_are_printed() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform refresh_articles(array(select distinct article_id from fresh));
    elsif tg_op = 'DELETE' then
        perform refresh_articles(array(select distinct article_id from stale));
    else
        perform refresh_articles(array(
            select unnest(array[fresh.article_id, stale.article_id])
            from fresh join stale on stale.id = fresh.id
            where (fresh.article_id, fresh.number, fresh.document_id, fresh.superseded_run_id, fresh.published_on,
                   fresh.published_at, fresh.first_seen_at)
                is distinct from (stale.article_id, stale.number, stale.document_id, stale.superseded_run_id,
                                  stale.published_on, stale.published_at, stale.first_seen_at)
        ));
    end if;
    return null;
end $$;

create function places_are_printed() returns trigger language plpgsql as $$
declare
    documents bigint[];
begin
    if tg_op = 'INSERT' then
        documents := array(select distinct document_id from fresh where role in ('lead', 'copy'));
    elsif tg_op = 'DELETE' then
        documents := array(select distinct document_id from stale where role in ('lead', 'copy'));
    else
        documents := array(
            select document_id from fresh where role in ('lead', 'copy')
            union select document_id from stale where role in ('lead', 'copy'));
    end if;
    if cardinality(documents) > 0 then
        perform refresh_printings(documents);
    end if;
    return null;
end $$;

create function leads_are_printed() returns trigger language plpgsql as $$
begin
    perform refresh_printings(array(
        select document_id from story_document where story_id = new.id and role in ('lead', 'copy')));
    return null;
end $$;

create function relations_are_printed() returns trigger language plpgsql as $$
declare
    documents bigint[];
begin
    -- A relation counts for a document where the other end leads its story.
    if tg_op = 'INSERT' then
        documents := array(
            select place.document_id
            from fresh
            join story_document as place on place.document_id in (fresh.shorter_id, fresh.longer_id)
            join story on story.id = place.story_id and story.lead_id in (fresh.shorter_id, fresh.longer_id)
            where place.role = 'copy');
    elsif tg_op = 'DELETE' then
        documents := array(
            select place.document_id
            from stale
            join story_document as place on place.document_id in (stale.shorter_id, stale.longer_id)
            join story on story.id = place.story_id and story.lead_id in (stale.shorter_id, stale.longer_id)
            where place.role = 'copy');
    else
        documents := array[old.shorter_id, old.longer_id, new.shorter_id, new.longer_id];
    end if;
    if cardinality(documents) > 0 then
        perform refresh_printings(documents);
    end if;
    return null;
end $$;

create function credits_are_printed() returns trigger language plpgsql as $$
declare
    documents bigint[];
begin
    -- A credit counts where several articles print a story's lead: for which of them stands for it.
    if tg_op = 'INSERT' then
        documents := array(
            select distinct printing.document_id
            from fresh
            join printing on printing.version_id = fresh.version_id
            where printing.kind in ('lead', 'identical'));
    elsif tg_op = 'DELETE' then
        documents := array(
            select distinct printing.document_id
            from stale
            join printing on printing.version_id = stale.version_id
            where printing.kind in ('lead', 'identical'));
    else
        documents := array(
            select distinct printing.document_id
            from (select version_id from fresh union select version_id from stale) as changed
            join printing on printing.version_id = changed.version_id
            where printing.kind in ('lead', 'identical'));
    end if;
    if cardinality(documents) > 0 then
        perform refresh_printings(documents);
    end if;
    return null;
end $$;

create function articles_are_printed() returns trigger language plpgsql as $$
begin
    perform refresh_articles(array[new.id]);
    return null;
end $$;

create function sources_are_printed() returns trigger language plpgsql as $$
begin
    perform refresh_articles(array(select id from article where source_id = new.id));
    return null;
end $$;

create function relations_are_carried() returns trigger language plpgsql as $$
declare
    documents bigint[];
begin
    -- What two texts have in common stood by their relation. What others of theirs say is looked for anew.
    documents := array(
        select distinct carrier.document_id
        from stale cross join lateral (values (shorter_id), (longer_id)) as lost (id)
        join carrier on carrier.document_id = lost.id);
    if cardinality(documents) > 0 then
        delete from carrier where document_id = any(documents);
        update relation set sentences_at = null
        where sentences_at is not null and (shorter_id = any(documents) or longer_id = any(documents));
    end if;
    return null;
end $$;

create function sentences_are_carried() returns trigger language plpgsql as $$
declare
    alone bigint[];
begin
    -- Locked first and looked at afterwards: until then somebody else may have found a carrier.
    alone := array(
        select id from sentence where id in (select sentence_id from stale) order by id for update skip locked);
    delete from sentence
    where id = any(alone) and not exists (select from carrier where carrier.sentence_id = sentence.id);
    return null;
end $$;

create trigger relation_is_carried_no_more after delete on relation
    referencing old table as stale for each statement execute function relations_are_carried();
create trigger sentence_is_carried_no_more after delete on carrier
    referencing old table as stale for each statement execute function sentences_are_carried();
create trigger version_is_printed after insert on version
    referencing new table as fresh for each statement execute function versions_are_printed();
create trigger version_is_printed_anew after update on version
    referencing old table as stale new table as fresh for each statement execute function versions_are_printed();
create trigger version_is_printed_no_more after delete on version
    referencing old table as stale for each statement execute function versions_are_printed();
create trigger place_is_printed after insert on story_document
    referencing new table as fresh for each statement execute function places_are_printed();
create trigger place_is_printed_anew after update on story_document
    referencing old table as stale new table as fresh for each statement execute function places_are_printed();
create trigger place_is_printed_no_more after delete on story_document
    referencing old table as stale for each statement execute function places_are_printed();
create trigger lead_is_printed after update of lead_id on story
    for each row when (old.lead_id <> new.lead_id) execute function leads_are_printed();
create trigger relation_is_printed after insert on relation
    referencing new table as fresh for each statement execute function relations_are_printed();
create trigger relation_is_printed_anew after update of shorter_id, longer_id, kind on relation
    for each row when ((old.shorter_id, old.longer_id, old.kind) is distinct from (new.shorter_id, new.longer_id, new.kind))
    execute function relations_are_printed();
create trigger relation_is_printed_no_more after delete on relation
    referencing old table as stale for each statement execute function relations_are_printed();
create trigger credit_is_printed after insert on credit
    referencing new table as fresh for each statement execute function credits_are_printed();
create trigger credit_is_printed_anew after update on credit
    referencing old table as stale new table as fresh for each statement execute function credits_are_printed();
create trigger credit_is_printed_no_more after delete on credit
    referencing old table as stale for each statement execute function credits_are_printed();
create trigger article_is_printed_anew after update of address, source_id on article
    for each row when ((old.address, old.source_id) is distinct from (new.address, new.source_id))
    execute function articles_are_printed();
create trigger source_is_printed_anew after update of name on source
    for each row when (old.name <> new.name) execute function sources_are_printed();
"""

_NO_FUNCTIONS = """
drop trigger source_is_printed_anew on source;
drop trigger article_is_printed_anew on article;
drop trigger credit_is_printed_no_more on credit;
drop trigger credit_is_printed_anew on credit;
drop trigger credit_is_printed on credit;
drop trigger relation_is_printed_no_more on relation;
drop trigger relation_is_printed_anew on relation;
drop trigger relation_is_printed on relation;
drop trigger lead_is_printed on story;
drop trigger place_is_printed_no_more on story_document;
drop trigger place_is_printed_anew on story_document;
drop trigger place_is_printed on story_document;
drop trigger version_is_printed_no_more on version;
drop trigger version_is_printed_anew on version;
drop trigger version_is_printed on version;
drop trigger sentence_is_carried_no_more on carrier;
drop trigger relation_is_carried_no_more on relation;
drop function sentences_are_carried();
drop function relations_are_carried();
drop function sources_are_printed();
drop function articles_are_printed();
drop function credits_are_printed();
drop function relations_are_printed();
drop function leads_are_printed();
drop function places_are_printed();
drop function versions_are_printed();
drop function refresh_articles(bigint[]);
drop function stale_printings();
drop function refresh_printings(bigint[]);
drop function known_as(text);
"""

# Whoever writes an article writes its row by way of the triggers, with the rights of the tables' owner: that login need
# not have any on the row. None but who writes may call the functions, or set them on a table of one's own.
_CLOSE = """
do $$
declare
    one record;
    place constant text := (select relnamespace::regnamespace::text from pg_class where oid = 'version'::regclass);
begin
    for one in
        select oid::regprocedure as called from pg_proc
        where pronamespace = to_regnamespace(place) and proname = any(array[
            'refresh_printings', 'refresh_articles', 'versions_are_printed', 'places_are_printed', 'leads_are_printed',
            'relations_are_printed', 'credits_are_printed', 'articles_are_printed', 'sources_are_printed',
            'relations_are_carried', 'sentences_are_carried'])
    loop
        -- Temporary tables are looked at last: they are anybody's to make.
        execute format(
            'alter function %s security definer set search_path = pg_catalog, %s, pg_temp', one.called, place);
        execute format('revoke execute on function %s from public', one.called);
    end loop;
    for one in
        select distinct case when grantee = 0 then 'public' else grantee::regrole::text end as login
        from pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
        where pg_class.oid = 'version'::regclass and privilege_type in ('INSERT', 'UPDATE', 'DELETE')
    loop
        execute format('grant execute on function refresh_printings to %s', one.login);
    end loop;
end $$
"""

# The locks of those who write meanwhile, taken in their order, so that nobody waits in a circle: folds (which an
# older newsfold makes under an advisory lock), what comes in, and the sentences that travel.
_WAIT = """
select pg_advisory_xact_lock(x'6E657773'::bigint << 32 | 2);
lock table source, article, version, credit, story, story_document, sentence, carrier, relation
    in share row exclusive mode;
"""

_GRANTED = """
    select case when grantee = 0 then 'public' else grantee::regrole::text end as login, privilege_type,
           case when is_grantable then ' with grant option' else '' end as further
    from pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
    where pg_class.oid = cast(:name as regclass) and grantee <> current_user::regrole
"""

# Every appearance of a story: its articles, and the round-ups that have it beside others.
_APPEARANCES = """
    select article_id, version_id, document_id, source_id, outlet, published_on, published_at, first_seen_at,
           story_id, kind
    from printing
    where story_id is not null
    union all
    select printing.article_id, printing.version_id, printing.document_id, printing.source_id, printing.outlet,
           printing.published_on, printing.published_at, printing.first_seen_at, place.story_id, 'digest'
    from story_document as place
    join printing on printing.document_id = place.document_id
    where place.role = 'digest'
"""

# Of one day's articles those come later that owe words to somebody: of them it is known that another was before.
_IN_TIME = "published_on nulls last, credits_others, published_at nulls last, first_seen_at, address"

# What every row has is joined from the left all the same: it is then left out where a question does not ask for it.
_VIEWS = {
    "coverage": """
    select printing.article_id, source.key as source, printing.outlet, source.country, article.address,
           version.title, printing.published_on, printing.published_at, version.published_origin,
           coalesce(version.published_is_guess, false) as published_is_guess, version.modified_on,
           version.modified_at, printing.first_seen_at as captured_at, version.section, version.number as version,
           document.content_hash, document.language, document.word_count as words, printing.story_id, printing.role,
           printing.kind
    from printing
    left join article on article.id = printing.article_id
    left join version on version.id = printing.version_id
    left join document on document.id = printing.document_id
    left join source on source.id = printing.source_id
    """,
    "stories": """
    select counted.story_id, lead.content_hash as lead_hash, counted.lead_outlet,
           source.key as lead_source, version.title, article.address as lead_address, story.lead_reason,
           lead.language, lead.word_count as words, counted.outlets, counted.articles, counted.articles - 1 as copies,
           counted.identical, counted.near, counted.contained, counted.contains,
           counted.indirect, coalesce(rounded.digests, 0) as digests,
           least(counted.first_on, rounded.first_on) as first_published_on,
           greatest(counted.last_on, rounded.last_on) as last_published_on,
           least(counted.first_at, rounded.first_at) as first_published_at,
           greatest(counted.last_at, rounded.last_at) as last_published_at,
           least(counted.captured_at, rounded.captured_at) as first_captured_at
    from (
        select story_id,
               count(distinct outlet) as outlets,
               count(*) as articles,
               count(*) filter (where kind = 'identical') as identical,
               count(*) filter (where kind = 'near') as near,
               count(*) filter (where kind = 'contained') as contained,
               count(*) filter (where kind = 'contains') as contains,
               count(*) filter (where kind = 'indirect') as indirect,
               min(published_on) as first_on, max(published_on) as last_on,
               min(published_at) as first_at, max(published_at) as last_at,
               min(first_seen_at) as captured_at,
               min(version_id) filter (where kind = 'lead') as lead_version_id,
               min(article_id) filter (where kind = 'lead') as lead_article_id,
               min(outlet) filter (where kind = 'lead') as lead_outlet,
               min(source_id) filter (where kind = 'lead') as lead_source_id
        from printing
        where story_id is not null
        group by story_id
    ) as counted
    left join (
        select place.story_id, count(distinct place.document_id) as digests,
               min(published_on) as first_on, max(published_on) as last_on,
               min(published_at) as first_at, max(published_at) as last_at, min(first_seen_at) as captured_at
        from story_document as place
        join printing on printing.document_id = place.document_id
        where place.role = 'digest'
        group by place.story_id
    ) as rounded on rounded.story_id = counted.story_id
    left join story on story.id = counted.story_id
    left join document as lead on lead.id = story.lead_id
    left join version on version.id = counted.lead_version_id
    left join article on article.id = counted.lead_article_id
    left join source on source.id = counted.lead_source_id
    """,
    "copies": f"""
    select appearance.story_id, appearance.kind, lead.content_hash as lead_hash, front.outlet as lead_outlet,
           front_source.key as lead_source, front_article.address as lead_address,
           front.published_on as lead_published_on, front.published_at as lead_published_at,
           document.content_hash as copy_hash, appearance.outlet as copy_outlet, source.key as copy_source,
           article.address as copy_address, version.title as copy_title, appearance.published_on as copy_published_on,
           appearance.published_at as copy_published_at, appearance.published_on - front.published_on as days_later,
           round((extract(epoch from appearance.published_at - front.published_at) / 3600)::numeric, 2)::double precision as hours_later,
           round((case when document.id = lead.id then 1
                       else coalesce(longer.containment, shorter.containment_longer) end)::numeric, 3)::double precision as share_of_lead,
           round((case when document.id = lead.id then 1
                       else coalesce(longer.containment_longer, shorter.containment) end)::numeric, 3)::double precision as share_of_copy,
           lead.word_count as lead_words, document.word_count as copy_words,
           array(select distinct name from credit
                 where credit.version_id = appearance.version_id and credit.kind = 'source' order by name) as credits,
           front_version.title as lead_title,
           exists (select from credit
                   where credit.version_id = appearance.version_id and credit.kind = 'source'
                     and known_as(credit.name) = known_as(front.outlet)) as credits_lead
    from ({_APPEARANCES}) as appearance
    left join story on story.id = appearance.story_id
    left join document on document.id = appearance.document_id
    left join document as lead on lead.id = story.lead_id
    left join version on version.id = appearance.version_id
    left join article on article.id = appearance.article_id
    left join source on source.id = appearance.source_id
    left join relation as shorter on shorter.shorter_id = appearance.document_id and shorter.longer_id = story.lead_id
    left join relation as longer on longer.longer_id = appearance.document_id and longer.shorter_id = story.lead_id
    left join (
        printing as front
        left join article as front_article on front_article.id = front.article_id
        left join version as front_version on front_version.id = front.version_id
        left join source as front_source on front_source.id = front.source_id
    ) on front.story_id = appearance.story_id and front.kind = 'lead'
    where appearance.kind <> 'lead'
    """,
    "sources_overlap": """
    with printed as (
        select story_id, outlet, min(published_on) as on_day, min(published_at) as at_moment
        from printing
        where story_id is not null and outlet is not null
        group by story_id, outlet
    ), told as (
        select outlet, count(*) as stories from printed group by outlet
    )
    select paired.outlet, paired.other_outlet, paired.stories_in_common,
           told.stories as outlet_stories, other_told.stories as other_stories,
           round(paired.stories_in_common::numeric / told.stories, 3)::double precision as share_of_outlet,
           round(paired.stories_in_common::numeric / other_told.stories, 3)::double precision as share_of_other,
           paired.outlet_first, paired.other_first
    from (
        select one.outlet as outlet, other.outlet as other_outlet, count(*) as stories_in_common,
               count(*) filter (where coalesce(one.at_moment < other.at_moment, one.on_day < other.on_day)) as outlet_first,
               count(*) filter (where coalesce(other.at_moment < one.at_moment, other.on_day < one.on_day)) as other_first
        from printed as one
        join printed as other on other.story_id = one.story_id and other.outlet > one.outlet
        group by one.outlet, other.outlet
    ) as paired
    join told on told.outlet = paired.outlet
    join told as other_told on other_told.outlet = paired.other_outlet
    """,
    "quote_carriers": """
    select sentence.id as quote_id, sentence.text as quote, sentence.word_count as quote_words,
           source.key as source, printing.outlet, article.address, version.title, document.content_hash,
           printing.published_on, printing.published_at, printing.first_seen_at as captured_at,
           substring(document.text from carrier.start + 1 for carrier.length) as carried,
           round(carrier.word_count::numeric / sentence.word_count, 3)::double precision as share,
           carrier.start + 1 as place, carrier.is_quoted,
           exists (select from credit
                   where credit.version_id = printing.version_id and credit.kind = 'source') as credits_others
    from carrier
    join sentence on sentence.id = carrier.sentence_id
    left join document on document.id = carrier.document_id
    join printing on printing.document_id = carrier.document_id
    left join version on version.id = printing.version_id
    left join article on article.id = printing.article_id
    left join source on source.id = printing.source_id
    """,
    "quotes": f"""
    select sentence.id as quote_id, sentence.text as quote, sentence.word_count as quote_words, carried.texts,
           carried.articles, carried.outlets, front.outlet as first_outlet, document.content_hash as first_hash,
           front.published_on as first_published_on, front.published_at as first_published_at,
           carried.all_outlets[2:] as then_outlets, carried.is_quoted,
           front.published_on is not null and not exists (
               select from carrier as also
               join printing as other on other.document_id = also.document_id
               where also.sentence_id = sentence.id and other.outlet is distinct from front.outlet
                 and not coalesce(
                     other.published_on > front.published_on
                     or other.published_on = front.published_on
                        and (other.published_at > front.published_at
                             or not carried.first_credits
                                and exists (select from credit
                                            where credit.version_id = other.version_id and credit.kind = 'source')),
                     false)
           ) as first_is_sure
    from (
        select sentence_id, count(distinct document_id) as texts, count(*) as articles,
               count(distinct outlet) as outlets, bool_or(is_quoted) as is_quoted,
               (array_agg(article_id order by {_IN_TIME}))[1] as first_id,
               (array_agg(credits_others order by {_IN_TIME}))[1] as first_credits,
               array_agg(outlet order by {_IN_TIME}) as all_outlets
        from (
            select carrier.sentence_id, carrier.document_id, carrier.is_quoted, printing.article_id, printing.outlet,
                   printing.published_on, printing.published_at, printing.first_seen_at, article.address,
                   exists (select from credit
                           where credit.version_id = printing.version_id and credit.kind = 'source') as credits_others
            from carrier
            join printing on printing.document_id = carrier.document_id
            left join article on article.id = printing.article_id
        ) as told
        group by sentence_id
        having count(distinct document_id) > 1
    ) as carried
    join sentence on sentence.id = carried.sentence_id
    left join printing as front on front.article_id = carried.first_id
    left join document on document.id = front.document_id
    """,
    "timeline": """
    select counted.day, counted.hour, source.key as source, counted.outlet, counted.story_id, counted.articles,
           counted.of_leads, counted.of_copies
    from (
        select published_on as day, date_trunc('hour', published_at, 'UTC') as hour, source_id, outlet, story_id,
               count(*) as articles, count(*) filter (where role = 'lead') as of_leads,
               count(*) filter (where role = 'copy') as of_copies
        from printing
        group by published_on, date_trunc('hour', published_at, 'UTC'), source_id, outlet, story_id
    ) as counted
    left join source on source.id = counted.source_id
    """,
    "removed_lines": """
    select source.key as source, printing.outlet, article.address, document.content_hash, removed_line.line,
           removed_line.text, removed_line.rule, removed_line.rule_class, removed_line.position,
           removed_line.confidence
    from removed_line
    join printing on printing.version_id = removed_line.version_id
    left join document on document.id = printing.document_id
    left join article on article.id = printing.article_id
    left join source on source.id = printing.source_id
    """,
    "credits": """
    select source.key as source, printing.outlet, article.address, document.content_hash,
           credit.name as credited, credit.kind, credit.place, credit.origin, credit.evidence
    from credit
    join printing on printing.version_id = credit.version_id
    left join document on document.id = printing.document_id
    left join article on article.id = printing.article_id
    left join source on source.id = printing.source_id
    """,
}

_AUTHORS = """
    select source.key as source, printing.outlet, article.address, document.content_hash, author.name as author,
           author.kind, author.position, author.origin
    from author
    join printing on printing.version_id = author.version_id
    left join document on document.id = printing.document_id
    left join article on article.id = printing.article_id
    left join source on source.id = printing.source_id
"""

# Of these some columns came later, and a view cannot be replaced by one that has fewer.
_DROPPED = ("quotes", "quote_carriers", "copies")

_MEANINGS = {
    "copies.lead_title": "the title of the article that stands for the lead",
    "copies.credits_lead": "whether the copy credits that outlet, under any of the names that it is known by",
    "quote_carriers.credits_others": "whether the article credits somebody with its words",
    "quotes.first_outlet": "the outlet whose article states the earliest day; within it those that credit somebody come "
    "later, then those that state no time; undated ones come last",
    "quotes.then_outlets": "the outlets of the other articles, in that order",
    "quotes.first_is_sure": "whether dates and credits leave nobody else who may have been earlier",
    "authors.source": "the source's key",
    "authors.outlet": "the outlet",
    "authors.address": "the article's address",
    "authors.content_hash": "the hash of its text",
    "authors.author": "the author's name, as stated",
    "authors.kind": "person or organization: a newsroom, an agency",
    "authors.position": "the author's place in the byline, from 0",
    "authors.origin": "where the name was stated",
}


def upgrade() -> None:
    for statement in _WAIT.split(";"):
        if statement.strip():
            op.execute(statement)
    op.create_table(
        "printing",
        sa.Column("article_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False, comment="its newest version that holds"),
        sa.Column("document_id", sa.BigInteger(), nullable=False, comment="that version's text"),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True, comment="the source's name, else the address's host"),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=True, comment="the story that the text has its place in"),
        sa.Column("role", sa.Text(), nullable=True, comment="lead or copy"),
        sa.Column(
            "kind", sa.Text(), nullable=True,
            comment="how it stands to the story's lead; lead: of the articles that print that text, it stands for it",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_printing_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_printing")),
        comment="What an article prints now, and how that stands in its story; triggers keep it up to date.",
    )  # fmt: skip
    op.create_index(op.f("ix_printing_version_id"), "printing", ["version_id"])
    op.create_index(op.f("ix_printing_document_id"), "printing", ["document_id"])
    op.create_index(op.f("ix_printing_story_id_outlet"), "printing", ["story_id", "outlet"])
    names = json.dumps(_keys(), ensure_ascii=False, sort_keys=True)
    op.get_bind().exec_driver_sql(_FUNCTIONS.format(agencies=_quoted(names)))
    op.execute(_CLOSE)
    _grant("printing", _rights("version"))
    op.execute("select refresh_printings(array(select distinct document_id from version))")
    # A phrase is looked for in every text that has its words: a row of less than a page is not packed, and read at once.
    op.execute("alter table search set (toast_tuple_target = 8160)")
    op.create_index(
        "ix_story_document_digest",
        "story_document",
        ["document_id"],
        postgresql_where=sa.text("role = 'digest'"),
    )
    _replace_views(_VIEWS)
    op.get_bind().exec_driver_sql(f"create view authors as {_AUTHORS}")
    _grant("authors", _rights("credits"))
    op.execute("comment on view authors is 'Who wrote each article, as it states it: a row an author.'")
    for column, meaning in _MEANINGS.items():
        op.execute(f"comment on column {column} is {_quoted(meaning)}")
    # Of texts whose relations went while nothing looked after that.
    op.execute("""
        delete from carrier
        where not exists (select from relation where shorter_id = carrier.document_id)
          and not exists (select from relation where longer_id = carrier.document_id)
    """)
    op.execute("delete from sentence where not exists (select from carrier where sentence_id = sentence.id)")


def downgrade() -> None:
    op.execute("drop view authors")
    before = _before()
    rights = {name: _rights(name) for name in _DROPPED}
    for name in _DROPPED:
        op.execute(f"drop view {name}")
    for name in reversed(_DROPPED):
        _create_view(name, *before[name])
        _grant(name, rights[name])
    _replace_views({name: before[name][1] for name in _VIEWS if name not in _DROPPED})
    op.execute("alter table search reset (toast_tuple_target)")
    op.drop_index("ix_story_document_digest", table_name="story_document")
    op.get_bind().exec_driver_sql(_NO_FUNCTIONS)
    op.drop_table("printing")


def _replace_views(views: dict[str, str]) -> None:
    """Put other statements behind the views' names; columns, comments and rights stay."""
    for name, query in views.items():
        op.get_bind().exec_driver_sql(f"create or replace view {name} as {query}")


def _create_view(name: str, comment: str, query: str, columns: dict[str, str]) -> None:
    op.get_bind().exec_driver_sql(f"create view {name} as {query}")
    op.execute(f"comment on view {name} is {_quoted(comment)}")
    for column, meaning in columns.items():
        op.execute(f"comment on column {name}.{column} is {_quoted(meaning)}")


def _rights(name: str) -> list[tuple[str, str, str]]:
    """Return what others than this login may do with a table or view: who, what, and whether they may pass it on."""
    rows = op.get_bind().execute(sa.text(_GRANTED), {"name": name})
    return [(row.login, row.privilege_type, row.further) for row in rows]


def _grant(name: str, rights: list[tuple[str, str, str]]) -> None:
    for login, right, further in rights:
        op.get_bind().exec_driver_sql(f"grant {right} on {name} to {login}{further}")


def _before() -> dict[str, tuple[str, str, dict[str, str]]]:
    """Return the views as they were, by the migration that made them: comment, statement, columns."""
    return dict(runpy.run_path(str(Path(__file__).with_name("0007_asking.py")))["_VIEWS"])


def _keys() -> dict[str, str]:
    """Return each name, folded, with the one it stands for; where the locale is C, `lower` folds ASCII alone."""
    ascii_alone = str.maketrans({chr(65 + n): chr(97 + n) for n in range(26)})
    return {
        folded: name.lower()
        for name, aliases in _AGENCIES.items()
        for alias in (name, *aliases)
        for folded in (alias.translate(ascii_alone), alias.lower())
    }


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
