-- An index for texts that are shorter than the n-grams of search_idx.
alter table sessions_v1 add index if not exists search_short_idx search_text type ngrambf_v1(3, 16384, 2, 0) granularity 1
;
alter table sessions_v1 materialize index search_short_idx
;
