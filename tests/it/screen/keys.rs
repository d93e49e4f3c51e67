//! What keys do, and how many a task takes.

use onrecord::model::search::{FacetField, IndexInfo};
use onrecord::tui::action::{Command, MouseAct};
use onrecord::tui::layout::Areas;
use onrecord::tui::state::Pane;
use onrecord::tui::update::values;

use super::*;

#[test]
fn searches_while_typing_and_reads_on_enter() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("water trea");
    let total = screen.total();
    assert!(total >= 5, "the last word counts as a prefix: {total}");
    assert_eq!(screen.state.focus, Pane::Query);
    screen.keys("ty\n");
    assert_eq!(screen.state.focus, Pane::Article);
    assert!(screen.state.article.is_some());
    screen.keys("]");
    assert!(screen.state.article.as_ref().is_some_and(|reader| reader.quote.is_some()));
    screen.keys("\x1b\x1b\x1b\x1b");
    assert_eq!(screen.state.focus, Pane::Query);
    assert!(!screen.state.quitting, "Esc never quits");
}

#[test]
fn what_the_line_shows_is_what_is_counted_once_typing_is_over() {
    let strict = |query: &str| {
        let mut screen = Screen::new(80, 24, false);
        screen.act(Action::Paste(query.to_owned()));
        screen.total()
    };
    let begun = {
        let mut screen = Screen::new(80, 24, false);
        screen.keys("wat");
        screen.total()
    };
    assert!(begun > strict("wat") && strict("water") > 0, "the fixture tells them apart");
    // Enter, moving in the list, leaving the pane, asking for the command: each ends typing.
    for keys in ["wat\n", "wat↓", "wat\t", "watC"] {
        let mut screen = Screen::new(80, 24, false);
        screen.keys(keys.trim_end_matches('C'));
        if keys.ends_with('C') {
            screen.act(Action::Do(Command::ShowCommand));
            screen.assert_shows("onrecord search wat ");
        }
        assert_eq!(screen.total(), strict("wat"), "{keys:?}");
        assert_eq!(screen.state.command_line(), "onrecord search wat", "{keys:?}");
    }
    let mut screen = Screen::new(80, 24, false);
    screen.keys("wat\n");
    screen.assert_shows("what begins with wat");
    screen.keys("\n");
    assert_eq!((screen.state.spec.query.as_str(), screen.total()), ("wat*", begun));
    let mut screen = Screen::new(80, 24, false);
    screen.keys("water treat↓\n");
    assert_eq!(screen.state.command_line(), "onrecord search 'water treat'");
}

#[test]
fn enter_tells_what_is_wrong() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("tit:water");
    assert!(!screen.drawn().contains("unknown field"));
    screen.keys("\n");
    screen.assert_shows("unknown field `tit`");
    screen.assert_shows("not understood");
    assert_eq!(screen.state.focus, Pane::Query);
    let mut screen = Screen::new(80, 24, false);
    screen.keys("(water treaty");
    assert!(screen.state.trouble.is_none(), "it may still be closed");
    screen.keys("\n");
    screen.assert_shows("close it with )");
    let mut screen = Screen::new(80, 24, false);
    screen.keys("speaker:marchetit");
    screen.assert_shows("Josef Marchetti for marchetit");
    screen.keys("\n");
    assert_eq!(screen.state.spec.query, "speaker:\"Josef Marchetti\"");
}

#[test]
fn a_stale_answer_never_replaces_a_newer_one() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty");
    let shown = screen.total();
    screen.act(Action::Results(1, Ok(Arc::default())));
    assert_eq!(screen.total(), shown);
}

#[test]
fn a_bad_query_keeps_the_last_good_results_and_is_told_in_a_quiet_moment() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty");
    let shown = screen.state.results.response.hits.len();
    screen.act(Action::Paste(" speeker:x".to_owned()));
    assert!(screen.state.trouble.is_some());
    assert_eq!(screen.state.results.response.hits.len(), shown);
    screen.assert_shows("Results 1-");
    assert!(!screen.drawn().contains("unknown field"));
    screen.act(Action::Quiet);
    screen.assert_shows("unknown field `speeker`");
    screen.assert_shows("speaker");
    screen.keys("^u");
    screen.act(Action::Paste("treaty or water".to_owned()));
    screen.act(Action::Quiet);
    screen.assert_shows("write OR");
}

#[test]
fn facets_include_exclude_and_undo() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty");
    let all = screen.total();
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys(" ");
    assert_eq!(screen.state.spec.pills.len(), 1);
    let narrowed = screen.total();
    assert!(narrowed < all && narrowed > 0, "{narrowed} of {all}");
    screen.keys("-");
    assert!(screen.state.spec.pills[0].exclude);
    assert_eq!(screen.total(), all - narrowed);
    screen.keys("u");
    assert!(!screen.state.spec.pills[0].exclude);
    screen.keys("X");
    assert_eq!(screen.total(), all);
    screen.keys("/cour");
    assert_eq!(screen.state.facets.find.as_deref(), Some("cour"));
    screen.keys("\n");
    assert_eq!(screen.state.spec.pills[0].value, "Karsund Courier");
}

#[test]
fn values_have_a_trend_that_sums_to_their_dated_matches() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty");
    let facets = &screen.state.facets;
    assert!(!facets.trends.is_empty());
    for ((field, value), counts) in &facets.trends {
        let facet = facets.counts_of(*field).expect("a facet");
        let name = |known: &&onrecord::model::search::FacetCount| values::name_of(*field, known) == *value;
        let count = facet.values.iter().find(name).expect("a value");
        assert!(counts.iter().sum::<u64>() <= count.count, "{value}: {counts:?} of {}", count.count);
    }
    assert!(facets.trends.values().flatten().sum::<u64>() > 0);
}

#[test]
fn facet_values_are_ordered_by_share_too() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty");
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("s");
    screen.assert_shows("outlet by share");
    assert!(screen.state.names.contains_key(&FacetField::Outlet));
    screen.assert_shows("%");
}

#[test]
fn copies_cites_and_exports_what_is_on_screen() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("bullets\n]^yc");
    let copied = screen.asked.iter().find_map(|effect| match effect {
        Effect::Copy(text, "citation") => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("a citation was copied");
    assert!(copied.contains("Drost") && copied.contains("2031"), "{copied}");
    screen.keys("\x1bEc\n");
    assert!(screen.asked.iter().any(|effect| matches!(effect, Effect::Export(..))));
    screen.keys("C");
    screen.assert_shows("onrecord search bullets");
}

/// Every match that a list shows in an article is among those marked when it is read.
#[test]
fn everything_that_matched_is_marked_in_the_article() {
    let mut screen = Screen::new(100, 30, false);
    let queries = ["water treaty", "\"water treaty\"", "minister", "levy OR tax", "said(water)", "trea*"];
    for query in queries {
        screen.keys("^u");
        screen.act(Action::Paste(query.to_owned()));
        let hits = screen.state.results.response.hits.clone();
        assert!(!hits.is_empty(), "{query}");
        let asked = screen.state.asked.clone().expect("a request");
        for hit in hits {
            let body = screen.index.article(&hit.article.id).expect("answer").expect("article").article.body;
            let marked = screen.index.highlights(&hit.article.id, &asked.query).expect("highlights");
            assert!(marked.body.windows(2).all(|pair| pair[0].end <= pair[1].start), "{query}");
            let words: Vec<&str> = marked.body.iter().map(|span| span.of(&body)).collect();
            for snippet in &hit.snippets {
                let (text, headline) = (&snippet.text, hit.article.headline.as_deref());
                let of_headline = Some(text.as_str()) == headline;
                for mark in snippet.marks.iter().map(|mark| mark.of(text)) {
                    let found = words.contains(&mark) || of_headline && !marked.headline.is_empty();
                    let elsewhere = !body.contains(text.as_str());
                    assert!(found || elsewhere, "{query}: `{mark}` of {text} in {words:?}");
                }
            }
        }
    }
}

#[test]
fn an_article_that_is_read_shows_the_matches_of_the_query_as_it_is_now() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty");
    let before = screen.state.article.as_ref().map(|reader| reader.matches.len());
    assert!(before.is_some_and(|n_matches| n_matches > 0));
    screen.keys(" water");
    let reader = screen.state.article.as_ref().expect("a preview");
    assert_eq!(reader.search, screen.state.shown_seq);
}

#[test]
fn words_are_found_in_the_article() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty\n/minister\n");
    let reader = screen.state.article.as_ref().expect("an article");
    assert!(
        reader.matches.iter().all(|span| span.of(&reader.stored.article.body).to_lowercase() == "minister")
    );
    screen.keys("\x1b");
    let reader = screen.state.article.as_ref().expect("an article");
    assert!(reader.of_search.is_none());
    assert_eq!(screen.state.focus, Pane::Article);
}

#[test]
fn names_are_completed_in_the_query() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty outlet:kars");
    screen.assert_shows("outlet:karsund Courier");
    screen.keys("→");
    assert_eq!(screen.state.spec.query, "treaty outlet:\"Karsund Courier\" ");
    assert!(screen.total() > 0);
}

#[test]
fn an_empty_result_offers_ways_out() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty");
    let all = screen.total();
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("l/\n");
    let speaker = screen.state.spec.pills[0].value.clone();
    screen.keys("1 AND zzzunheard");
    assert_eq!(screen.total(), 0);
    screen.assert_shows("without zzzunheard");
    assert!(screen.state.ways.iter().all(|way| way.hits.is_some()), "{:?}", screen.state.ways);
    screen.keys("\n");
    assert!(screen.total() > 0 && screen.total() <= all);
    assert_eq!(screen.state.spec.query, "treaty");
    assert_eq!(screen.state.spec.pills[0].value, speaker);
    screen.keys("^u");
    screen.act(Action::Paste("treatty AND water".to_owned()));
    screen.assert_shows("treaty for treatty");
}

#[test]
fn the_list_goes_on_behind_the_first_page() {
    let home = Home::new();
    let lines: Vec<String> = (1..=350)
        .map(|n| {
            format!(
                "{{\"headline\": \"Harbour notes {n}\", \"outlet\": \"The Harbour Post\", \"date\": \"2031-01-{:02}\", \
                 \"body\": \"The harbour counted {n} boats this week, and the keeper wrote each of them down in turn.\"}}",
                n % 28 + 1
            )
        })
        .collect();
    home.write("notes/harbour.jsonl", lines.join("\n"));
    let dir = home.path("index");
    home.ok(&["index", "--index", &dir.to_string_lossy(), &home.path("notes").to_string_lossy(), "-q"]);
    let look = Look { unicode: false, color: false, reader_width: 80 };
    let mut screen = Screen::with(80, 24, look, None, &dir);
    // They are much alike.
    screen.state.spec.copies = onrecord::model::search::Copies::Show;
    screen.keys("harbour");
    screen.act(Action::Do(Command::FocusResults));
    for _ in 0..20 {
        screen.act(Action::Do(Command::PageDown));
    }
    let here = screen.state.results.response.hits.len();
    assert!(here >= 200, "{here} hits are here");
    let ranks: Vec<usize> = screen.state.results.response.hits.iter().map(|hit| hit.rank).collect();
    assert_eq!(ranks, (1..=here).collect::<Vec<_>>());
    screen.keys("G");
    let results = &screen.state.results;
    assert_eq!((results.response.hits.len() as u64, results.response.total), (350, 350));
    assert_eq!(results.selected + 1, results.response.hits.len());
    screen.keys("^t");
    screen.assert_shows("No quotes");
}

#[test]
fn marked_hits_are_shown_alone() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty");
    screen.act(Action::Do(Command::FocusResults));
    screen.keys("M");
    screen.assert_shows("nothing is marked");
    screen.keys(" j M");
    assert_eq!(screen.state.results.response.hits.len(), 2);
    screen.assert_shows("Results 1-2 of 2 marked");
    screen.keys("M");
    assert!(screen.state.results.response.hits.len() > 2);
}

#[test]
fn the_mouse_lands_on_what_is_drawn() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty");
    let all = screen.total();
    let areas = Areas::of(&screen.state);
    let list = areas.results.expect("a list");
    screen.act(Action::Mouse(MouseAct::Press, list.x + 5, list.y + 3));
    assert_eq!((screen.state.focus, screen.state.results.selected), (Pane::Results, 1));
    screen.act(Action::Mouse(MouseAct::WheelDown, list.x + 5, list.y + 3));
    assert_eq!(screen.state.results.selected, 2);
    let facets = areas.facets.expect("facets");
    screen.act(Action::Mouse(MouseAct::Press, facets.x + 2, facets.y + 2));
    assert_eq!(screen.state.spec.pills.len(), 1);
    assert!(screen.total() < all);
    screen.keys("X");
    let time = Areas::of(&screen.state).timeline.expect("a timeline");
    screen.act(Action::Mouse(MouseAct::Press, time.x + 6, time.y + 3));
    screen.act(Action::Mouse(MouseAct::Drag, time.x + 30, time.y + 3));
    screen.act(Action::Mouse(MouseAct::Release, time.x + 30, time.y + 3));
    let dates = screen.state.spec.dates;
    assert_eq!(dates.since, Some(screen.state.timeline.bins[0].start));
    assert!(dates.until.is_some());
    screen.keys("^y");
    screen.act(Action::Mouse(MouseAct::Press, 0, 0));
    assert!(screen.state.popup.is_none(), "a click beside a menu closes it");
}

#[test]
fn the_mouse_is_off_until_it_is_wanted() {
    let mut screen = Screen::new(80, 24, false);
    assert!(!screen.state.mouse);
    screen.key(KeyCode::F(9), KeyModifiers::NONE);
    assert_eq!(screen.asked.last(), Some(&Effect::Mouse(true)));
    screen.key(KeyCode::F(9), KeyModifiers::NONE);
    assert_eq!(screen.asked.last(), Some(&Effect::Mouse(false)));
}

#[test]
fn a_refreshed_index_waits_for_its_key() {
    let mut screen = Screen::new(80, 24, false);
    // A word that is finished is not asked for anew in another pane.
    screen.keys("treaty ");
    let before = screen.state.results.response.clone();
    screen.act(Action::IndexChanged);
    screen.assert_shows("Ctrl-X, reload loads the refreshed index");
    let news = onrecord::model::search::News { came: 3, went: 1, total: 1_234 };
    screen.act(Action::News(screen.state.seq, news));
    screen.act(Action::Do(Command::FocusResults));
    screen.assert_shows("r loads the refreshed index: 3 articles came, 1 went, 1,234 hits then");
    // More of the old hits may come; none of them changes.
    assert_eq!(screen.state.results.response.hits[..before.hits.len()], before.hits[..]);
    let mut info: IndexInfo = screen.state.info.clone();
    info.articles += 3;
    screen.act(Action::Reloaded(Box::new(info)));
    screen.assert_shows("loaded: 3 articles more");
    screen.act(Action::IndexLost("no index at /srv/news".to_owned()));
    screen.assert_shows("no index at /srv/news; what is shown stays");
    screen.assert_shows("Results 1-");
}

#[test]
fn vim_keys_edit_the_query() {
    let look = Look { unicode: false, color: false, reader_width: 80 };
    let mut screen = Screen::with(80, 24, look, Some("vim"), sample_index());
    screen.keys("water trety\x1b");
    assert!(screen.state.normal);
    screen.keys("bxA");
    assert_eq!(screen.state.spec.query, "water rety");
    screen.keys("\x1bSlevy\x1bj");
    assert_eq!(screen.state.spec.query, "levy");
    assert_eq!(screen.state.results.selected, 1);
    screen.keys("p");
    assert!(screen.state.spec.query.contains("water rety"));
    screen.keys("\x1b\x1b\x1b");
    assert_eq!(screen.state.focus, Pane::Query);
}

#[test]
fn emacs_keys_put_back_what_was_killed() {
    let look = Look { unicode: false, color: false, reader_width: 80 };
    let mut screen = Screen::with(80, 24, look, Some("emacs"), sample_index());
    screen.keys("water treaty^w^y");
    assert_eq!(screen.state.spec.query, "water treaty");
    screen.keys("^a");
    screen.key(KeyCode::Char('d'), KeyModifiers::ALT);
    assert_eq!(screen.state.spec.query, " treaty");
}

#[test]
fn earlier_queries_come_back_with_alt_up() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty");
    screen.key(KeyCode::Up, KeyModifiers::ALT);
    assert_eq!(screen.state.spec.query, "first snow");
    screen.key(KeyCode::Up, KeyModifiers::ALT);
    assert_eq!(screen.state.spec.query, "first snow");
}

#[test]
fn dates_are_typed() {
    let mut screen = Screen::new(80, 24, false);
    screen.act(Action::Do(Command::FocusTimeline));
    screen.keys("t2031-03..nonsense\n");
    assert!(screen.state.popup.is_some(), "a range that is not understood stays open");
    screen.keys("^u2031-03..2031-04\n");
    assert_eq!(screen.state.spec.dates_text().as_deref(), Some("2031-03-01..2031-04-30"));
    assert!(screen.state.popup.is_none());
}

/// The keys of a task, typing not counted, must not become more.
#[track_caller]
fn check_budget(task: &str, columns: u16, rows: u16, prepare: &str, keys: &str, budget: usize) -> Screen {
    let mut screen = Screen::new(columns, rows, false);
    screen.keys(prepare);
    screen.n_keys = 0;
    screen.keys(keys);
    assert!(screen.n_keys <= budget, "{task}: {} keys, {budget} granted", screen.n_keys);
    screen
}

#[test]
fn tasks_keep_to_their_keys() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let screen = check_budget("read a phrase", columns, rows, "\"water treaty\"", "\n", 1);
        assert_eq!(screen.state.focus, Pane::Article);

        let screen = check_budget("exclude an outlet seen in a hit", columns, rows, "treaty\t\t\t", "", 0);
        let mut screen = screen;
        screen.act(Action::Do(Command::FocusResults));
        screen.n_keys = 0;
        screen.keys("f-");
        assert!(screen.n_keys <= 3);
        assert!(screen.state.spec.pills.iter().any(|pill| pill.exclude));

        let screen = check_budget("all quotes by this speaker", columns, rows, "bullets\n]", "s", 2);
        assert_eq!(screen.state.spec.pills[0].field, FacetField::Speaker);
        assert!(screen.total() > 0);

        let screen = check_budget("narrow to the peak", columns, rows, "treaty\t", "4n\n", 4);
        assert!(!screen.state.spec.dates.is_open());

        let screen = check_budget("copy a citation", columns, rows, "treaty", "^yc", 2);
        assert!(screen.asked.iter().any(|effect| matches!(effect, Effect::Copy(_, "citation"))));

        let screen = check_budget("export all hits", columns, rows, "treaty\n", "Ec\n", 4);
        assert!(screen.asked.iter().any(|effect| matches!(effect, Effect::Export(..))));

        let screen = check_budget("repeat an earlier search", columns, rows, "", "^r\n", 2);
        assert_eq!(screen.state.spec.query, "first snow");

        let screen = check_budget("get the command", columns, rows, "treaty\n", "C", 1);
        screen.assert_shows("onrecord search treaty");
    }
}

#[test]
fn what_has_no_value_is_chosen_like_any_value() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("^t");
    let all = screen.total();
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("l/no named\n");
    assert_eq!(screen.state.spec.pills[0].value, "(no named speaker)");
    let unnamed = screen.total();
    assert!(unnamed > 0 && unnamed < all, "{unnamed} of {all}");
    let hits = &screen.state.results.response.hits;
    assert!(hits.iter().all(|hit| hit.quote.as_ref().is_some_and(|quote| quote.speaker.is_none())));
    screen.assert_shows("+speaker:(no named speaker)");
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("/no named");
    screen.act(Action::Do(Command::Exclude));
    screen.keys("\x1b");
    assert_eq!(screen.total(), all - unnamed);
    screen.keys("C");
    screen.assert_shows("onrecord quotes --not-speaker '(no named speaker)'");
}

#[test]
fn undated_articles_are_chosen_beside_the_years() {
    let mut screen = Screen::new(160, 50, false);
    let all = screen.total();
    let undated = screen.state.results.response.undated;
    assert!(undated > 0 && undated < all);
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("lllG ");
    assert_eq!(screen.total(), undated);
    screen.keys("C");
    screen.assert_shows("onrecord search --date undated");
    screen.keys("\x1b-");
    assert_eq!(screen.total(), all - undated);
    // A year is a window of days: the two do not stand beside each other.
    screen.keys("g ");
    assert!(screen.state.spec.pills.is_empty() && !screen.state.spec.dates.is_open());
    screen.keys("-");
    screen.assert_shows("by a window in the timeline");
}

#[test]
fn fields_typed_into_the_query_become_filters() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty outlet:karsund ");
    let before = screen.total();
    screen.key(KeyCode::Enter, KeyModifiers::ALT);
    assert_eq!(screen.state.spec.query, "treaty");
    screen.assert_shows("+outlet:karsund");
    assert_eq!(screen.total(), before);
    screen.keys("^xinto-f\n");
    screen.assert_shows("nothing to move");
    screen.keys("^_");
}

#[test]
fn a_search_is_kept_under_a_name_and_found_again() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty\nSpact");
    screen.assert_shows("Keep as: onrecord search");
    screen.keys("\n");
    let kept = screen.asked.iter().find_map(|effect| match effect {
        Effect::Save(name, spec) => Some((name.clone(), spec.query.clone())),
        _ => None,
    });
    assert_eq!(kept, Some(("pact".to_owned(), "treaty".to_owned())));
    screen.keys("\x1b\x1b^rsaved as");
    screen.assert_shows("saved as snow: onrecord quotes snow");
}

#[test]
fn a_quote_tells_who_else_carried_it() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("^tbullets");
    screen.act(Action::Do(Command::FocusResults));
    screen.keys("v");
    screen.assert_shows("Carried by");
    screen.assert_shows("(this one)");
    let Some(onrecord::tui::state::Popup::Menu(menu)) = &screen.state.popup else { panic!("a menu") };
    assert!(menu.choices.len() > 1 && menu.details.len() == menu.choices.len());
    // Another cut is read, cited as what it is, and left again.
    let own = screen.state.results.hit().map(|hit| hit.article.id.clone());
    let step = if menu.line == 0 { "↓\n" } else { "↑\n" };
    screen.keys(step);
    let read = screen.state.article.as_ref().map(|reader| reader.stored.article.id.clone());
    assert!(screen.state.focus == Pane::Article && read.is_some() && read != own, "{read:?}");
    assert!(screen.state.article.as_ref().is_some_and(|reader| reader.quote.is_some()));
    screen.keys("yi");
    let copied = screen.asked.iter().find_map(|effect| match effect {
        Effect::Copy(text, "id") => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied.as_deref().and_then(|id| id.split("-q").next()), read.as_deref());
    screen.keys("\x1b");
    assert_eq!(screen.state.article.as_ref().map(|reader| reader.stored.article.id.clone()), own);
}

#[test]
fn a_quote_leads_further() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("bullets\n]\n");
    screen.assert_shows("copy citation");
    screen.keys("s");
    assert_eq!(screen.state.spec.pills[0].field, FacetField::Speaker);
    assert!(screen.total() > 0);
}

#[test]
fn esc_and_a_letter_close_together_are_two_keys() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty\n");
    assert_eq!(screen.state.focus, Pane::Article);
    // As terminals send Esc, j without a pause.
    screen.key(KeyCode::Char('j'), KeyModifiers::ALT);
    assert_eq!((screen.state.focus, screen.state.results.selected), (Pane::Results, 1));
    screen.key(KeyCode::Char('1'), KeyModifiers::ALT);
    assert_eq!(screen.state.focus, Pane::Query);
    screen.key(KeyCode::Char('s'), KeyModifiers::ALT);
    assert_eq!(screen.state.spec.query, "treatys");
    screen.keys("^x");
    screen.key(KeyCode::Char('x'), KeyModifiers::ALT);
    assert!(screen.state.popup.is_none() && screen.state.spec.query == "treatysx");
}

#[test]
fn an_export_is_confirmed_and_can_be_given_up() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty\nEq");
    screen.assert_shows("onrecord quotes treaty --match all --all -f csv");
    screen.keys("2\n");
    let written = screen.asked.iter().find_map(|effect| match effect {
        Effect::Export(request, _, path) => Some((request.kind, path.display().to_string())),
        _ => None,
    });
    assert_eq!(written, Some((onrecord::model::search::DocKind::Quote, "treaty.csv2".to_owned())));
    screen.keys("^c");
    assert_eq!(screen.asked.last(), Some(&Effect::CancelExport));
    assert!(!screen.state.quitting);
    screen.keys("^c");
    assert!(screen.state.quitting);
}

#[test]
fn a_first_build_is_searched_while_it_goes_on() {
    let mut screen = Screen::new(100, 30, false);
    let mut info = screen.state.info.clone();
    info.finished = false;
    screen.act(Action::Info(Box::new(info)));
    screen.assert_shows("Searching 40 articles so far, the index is not finished");
    screen.act(Action::Expected(Some(1_000)));
    screen.assert_shows("Searching 40 of about 1,000 articles so far");
    screen.act(Action::IndexChanged);
    screen.assert_shows("; Ctrl-X, reload loads what came since");
}

#[test]
fn an_empty_query_offers_searches_of_this_corpus() {
    let mut screen = Screen::new(100, 30, false);
    screen.assert_shows("type words, or speaker:\"");
    screen.keys("→");
    assert!(screen.state.spec.query.starts_with("speaker:\""), "{}", screen.state.spec.query);
    assert!(screen.total() > 0);
}
