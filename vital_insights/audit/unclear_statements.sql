/*
title    = "Unclear statements"
because  = "An outcome reads direction, metric, object: minimize the time it takes to … . Without them two people score two different things."
severity = "info"
grain    = ["outcome_id"]
of       = "model.outcomes where level = 'outcome' and (is_live or job_id is not null)"
*/
with written as (
    select
        outcome_id,
        outcome_code,
        statement,
        -- Spaces around every word, so that a word can be looked for whole.
        ' ' || trim(lower(translate(statement, chr(9) || chr(10) || chr(13) || ',;:.', '       '))) || ' ' as text
    from model.outcomes
    -- Retired jobs too, since words outlive a status; not what went with a deleted job.
    where level = 'outcome' and (is_live or job_id is not null) and trim(statement) <> ''
),

-- Both spellings, and some slack: what is flagged has surely none of these.
read as (
    select
        *,
        split_part(text, ' ', 2) in (
            'minimize', 'minimise', 'maximize', 'maximise', 'reduce', 'decrease', 'lower', 'lessen', 'shorten',
            'cut', 'limit', 'avoid', 'eliminate', 'prevent', 'increase', 'raise', 'improve', 'enhance',
            'strengthen', 'ensure', 'extend', 'speed', 'accelerate'
        ) as has_direction,
        -- A word for a measure; or one that ties what is measured to something, since nobody can list all measures.
        -- The commonest first: a case stops there, where an or goes on through all of them.
        case when text like '% of %' or text like '% to %' or text like '% that %' or text like '% time %' then true else (
            text like '% likelihood %' or text like '% probability %' or text like '% chance %' or text like '% risk %'
            or text like '% cost %' or text like '% expense %' or text like '% spend %' or text like '% effort %'
            or text like '% number %' or text like '% amount %' or text like '% quantity %' or text like '% volume %'
            or text like '% frequency %' or text like '% rate %' or text like '% share %' or text like '% percentage %'
            or text like '% proportion %' or text like '% percent %' or text like '% extent %' or text like '% degree %'
            or text like '% level %' or text like '% variation %' or text like '% variability %' or text like '% variance %'
            or text like '% deviation %' or text like '% consistency %' or text like '% stability %' or text like '% accuracy %'
            or text like '% precision %' or text like '% quality %' or text like '% delay %' or text like '% duration %'
            or text like '% speed %' or text like '% error %' or text like '% errors %' or text like '% waste %'
            or text like '% loss %' or text like '% rework %' or text like '% reliability %' or text like '% predictability %'
            or text like '% reach %' or text like '% coverage %' or text like '% availability %' or text like '% in %'
            or text like '% for %' or text like '% with %' or text like '% between %' or text like '% from %'
            or text like '% at %' or text like '% on %' or text like '% by %' or text like '% per %'
            or text like '% about %' or text like '% against %' or text like '% as %' or text like '% before %'
            or text like '% after %' or text like '% until %' or text like '% when %' or text like '% while %'
            or text like '% which %' or text like '% who %'
        ) end as has_metric,
        -- 'Find and reduce errors' is one idea: only a whole second beginning counts.
        case when text not like '% and %' then false else (
            text like '% and minimize %' or text like '% and minimise %' or text like '% and maximize %'
            or text like '% and maximise %' or text like '% and reduce the time %' or text like '% and reduce the likelihood %'
            or text like '% and reduce the number %' or text like '% and reduce the amount %' or text like '% and reduce the cost %'
            or text like '% and reduce the risk %' or text like '% and decrease the time %' or text like '% and decrease the likelihood %'
            or text like '% and decrease the number %' or text like '% and decrease the amount %' or text like '% and decrease the cost %'
            or text like '% and decrease the risk %' or text like '% and increase the time %' or text like '% and increase the likelihood %'
            or text like '% and increase the number %' or text like '% and increase the amount %' or text like '% and increase the cost %'
            or text like '% and increase the risk %'
        ) end as has_second_direction
    from written
)

select
    outcome_id,
    outcome_code,
    statement,
    case
        when not has_direction then 'no direction'
        when not has_metric then 'no metric'
        when has_second_direction then 'two ideas'
        else 'no object'
    end as reason
from read
where not has_direction or not has_metric or has_second_direction or text not like '% % % % %'
