//! Whole pages, invented: what is kept, what is cut by which rule, which field comes from where.

use super::*;

/// Running text of an invented story; each paragraph is its own.
const STORY: [&str; 4] = [
    "The council of Harbour Town voted on Monday evening to close the old swing bridge to lorries until an inspection is done.",
    "“We cannot wait for the next storm to tell us what the engineers already know,” said Ana Duarte, who chairs the works committee.",
    "The harbour board had asked for two more years, arguing that the detour would cost each haulier about an hour a day.",
    "A first report on the piers is expected before the end of June, and the council wants to hear it in public session.",
];

fn paragraphs() -> String {
    STORY.iter().map(|text| format!("<p>{text}</p>")).collect()
}

fn read(head: &str, body: &str) -> HtmlPage {
    let html = format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>");
    page(&html, &GivenFields::default(), Lexicon::embedded()).unwrap_or_else(|error| panic!("{error}"))
}

fn texts(page: &HtmlPage) -> Vec<&str> {
    page.lines.iter().filter(|line| line.cut.is_none()).map(|line| line.text.as_str()).collect()
}

#[track_caller]
fn check_story(body: &str) {
    let head = "<title>Council closes swing bridge to lorries</title>";
    let page = read(head, body);
    assert_eq!(texts(&page), STORY, "{:?}", page.lines);
}

#[track_caller]
fn check_cut(body: &str, rule: &str, line: &str) {
    let page = read("<title>Council closes swing bridge to lorries</title>", body);
    assert_eq!(texts(&page), STORY);
    let cut = page.lines.iter().find(|found| found.text == line).and_then(|found| found.cut.as_deref());
    assert_eq!(cut, Some(rule), "{:?}", page.lines);
}

#[track_caller]
fn field(found: &Option<Found<String>>) -> (&str, &str) {
    found.as_ref().map_or(("", ""), |found| (found.value.as_str(), found.method.as_str()))
}

#[test]
fn keeps_paragraphs_apart() {
    check_story(&format!("<article>{}</article>", paragraphs()));
    check_story(&format!("<div class=story>{}</div>", STORY.join("<br><br>")));
    check_story(&format!("<div class=story>{}</div>", STORY.join("<span class='x br'></span>")));
}

#[test]
fn cuts_headline_and_what_stands_before_it() {
    let body = format!(
        "<article><p>Other news of the day</p><h1>Council closes swing bridge to lorries</h1>{}</article>",
        paragraphs()
    );
    check_story(&body);
}

#[test]
fn cuts_furniture_by_name_and_by_words() {
    check_story(&format!(
        "<article>{}<div class='newsletter-box'><p>Morning letter</p></div></article>",
        paragraphs()
    ));
    let with = |line: &str| format!("<article>{}<p>{line}</p></article>", paragraphs());
    check_cut(&with("Sign up for our morning letter"), "newsletter", "Sign up for our morning letter");
    check_cut(&with("Photo: Ivo Lang / Harbour Chronicle"), "credit", "Photo: Ivo Lang / Harbour Chronicle");
    check_cut(&with("© 2025 Harbour Chronicle Ltd"), "copyright", "© 2025 Harbour Chronicle Ltd");
}

#[test]
fn keeps_quotes_that_speak_like_furniture() {
    let line = "“Sign up for our next meeting and bring your neighbours along,” Duarte told the gallery.";
    let page = read("", &format!("<article>{}<p>{line}</p></article>", paragraphs()));
    assert_eq!(texts(&page).last(), Some(&line));
}

#[test]
fn stops_at_the_next_article() {
    let other = "<p>Ferry fares rise by a tenth from the first of July, the operator said in a short note to its passengers.</p>";
    let body = format!(
        "<article class=post><h1 class=head>Council closes swing bridge to lorries</h1>{}</article>\
         <article class=post><h1 class=head>Ferry fares rise again in the summer</h1>{other}</article>",
        paragraphs()
    );
    check_story(&body);
}

#[test]
fn headline_loses_outlet_and_kicker() {
    let head = "<title>Council closes swing bridge | Harbour Chronicle</title><meta property=og:site_name content='Harbour Chronicle'>\
                <meta property=og:title content='Council closes swing bridge | Harbour Chronicle'>";
    let page = read(head, &format!("<article>{}</article>", paragraphs()));
    assert_eq!(field(&page.fields.headline), ("Council closes swing bridge", "meta og:title"));
    let page = read(
        head,
        &format!("<article><h1>Local news | Council closes swing bridge</h1>{}</article>", paragraphs()),
    );
    assert_eq!(field(&page.fields.headline), ("Council closes swing bridge", "h1"));
}

#[test]
fn reads_json_ld_with_graph_references_and_one_broken_block() {
    let head = r##"<script type="application/ld+json">{ broken </script>
        <script type="application/ld+json"><!-- {"@graph": [
            {"@type": "NewsArticle", "headline": "Council closes&amp;#8217;s bridge", "datePublished": "2025-05-06T21:10:00+02:00",
             "author": [{"@id": "#a"}, {"@type": "Organization", "name": "Harbour Chronicle"}], "publisher": {"@id": "#p"},},
            {"@type": "Person", "@id": "#a", "name": "Ana Duarte"},
            {"@type": "NewsMediaOrganization", "@id": "#p", "name": "The Harbour Chronicle"}
        ]} --></script>"##;
    let page = read(head, &format!("<article>{}</article>", paragraphs()));
    assert_eq!(field(&page.fields.headline), ("Council closes’s bridge", "json-ld headline"));
    assert_eq!(field(&page.fields.outlet), ("The Harbour Chronicle", "json-ld publisher"));
    let authors = page.fields.authors.map(|found| found.value).unwrap_or_default();
    assert_eq!(authors, ["Ana Duarte"]);
    let date = page.fields.date.map(|found| (found.day.to_string(), found.method, found.stated));
    assert_eq!(date, Some(("2025-05-06".to_owned(), "json-ld datePublished".to_owned(), true)));
}

#[test]
fn words_stay_apart_and_what_pops_up_over_a_name_falls_away() {
    let line = "“That worries us,” Ivo Lang, who speaks for the hauliers, <a href=/x> told</a> <span>the board</span> \
                <span>of the port<span class='rollover-people-block'>Ivo Lang Three things to know MORE</span></span> on Friday.";
    let page = read("", &format!("<article>{}<p>{line}</p></article>", paragraphs()));
    let expected =
        "“That worries us,” Ivo Lang, who speaks for the hauliers, told the board of the port on Friday.";
    assert_eq!(texts(&page).last(), Some(&expected));
}

#[test]
fn the_part_above_a_paywall_is_no_teaser() {
    check_story(&format!(
        "<article><h1>Council closes swing bridge to lorries</h1><div class=teaser-content><div class=article-body><p>{}</p></div>\
         <div class=article-body><p>{}</p></div></div><div class=rest><p>{}</p><p>{}</p></div></article>",
        STORY[0], STORY[1], STORY[2], STORY[3]
    ));
}

#[test]
fn headings_in_wrappers_of_their_own_stay() {
    let body = format!(
        "<article><div class=text><div><p>{}</p></div><div class=sub><h2>What the engineers know</h2></div><div><p>{}</p></div>\
         <div><p>{}</p></div><div><p>{}</p></div></div></article>",
        STORY[0], STORY[1], STORY[2], STORY[3]
    );
    let page = read("", &body);
    assert_eq!(texts(&page), [STORY[0], "What the engineers know", STORY[1], STORY[2], STORY[3]]);
}

#[test]
fn authors_in_elements_of_their_own_are_all_named_and_those_of_other_stories_are_not() {
    let authors = |above: &str, below: &str| {
        let body =
            format!("<article><h1>Council closes swing bridge</h1>{above}{}</article>{below}", paragraphs());
        read("", &body).fields.authors.map(|found| found.value).unwrap_or_default()
    };
    let each = |name: &str| format!("<p>By — <a class=by-name itemprop=author href=/x>{name}</a></p>");
    assert_eq!(authors(&(each("Ana Duarte") + &each("Ivo Lang")), ""), ["Ana Duarte", "Ivo Lang"]);
    let listed = "<div class=authors>By <span>Ana Duarte</span><span>, </span>Ivo Lang</div>";
    assert_eq!(authors(listed, ""), ["Ana Duarte", "Ivo Lang"]);
    let card = |name: &str| {
        format!("<div><a href=/y>Ferry fares rise</a><span class=card-author>{name}</span></div>")
    };
    let cards = card("Ruth O’Mara") + &card("Jon Halvorsen") + &card("Lucie Berg");
    assert_eq!(authors("", &cards), Vec::<String>::new());
    assert_eq!(
        authors("", "<p class=contributors>Ana Duarte and Ivo Lang contributed to this report</p>"),
        Vec::<String>::new()
    );
}

#[test]
fn dates_follow_the_cascade() {
    let day = |head: &str, body: &str| {
        let page = read(head, &format!("{body}<article>{}</article>", paragraphs()));
        page.fields.date.map(|found| (found.day.to_string(), found.stated))
    };
    let stated = |day: &str| Some((day.to_owned(), true));
    assert_eq!(
        day("<meta property=article:published_time content=2025-05-06T08:00Z>", ""),
        stated("2025-05-06")
    );
    assert_eq!(day("", "<time datetime=2025-05-07>May 7</time>"), stated("2025-05-07"));
    assert_eq!(
        day("", "<p class=dateline>Updated: May 9, 2025</p><p class=pubdate>Published: 8 May 2025</p>"),
        stated("2025-05-08")
    );
    assert_eq!(
        day("<link rel=canonical href=https://harbour.example/2025/05/04/bridge>", ""),
        Some(("2025-05-04".to_owned(), false))
    );
    assert_eq!(day("", ""), None);
}

#[test]
fn outlet_that_fits_the_domain_wins_over_section_and_owner() {
    let head = "<link rel=canonical href=https://www.harbourchronicle.example/bridge><meta property=og:site_name content=U.S.>\
                <title>Council closes bridge - Harbour Chronicle</title>";
    let page = read(head, &format!("<article>{}</article>", paragraphs()));
    assert_eq!(field(&page.fields.outlet), ("Harbour Chronicle", "title"));
    let page = read(
        "<meta property=og:site_name content=@harbour>",
        &format!("<article>{}</article>", paragraphs()),
    );
    assert_eq!(page.fields.outlet, None);
}

#[test]
fn takes_json_ld_body_when_the_page_has_none() {
    let head = format!(
        "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"Bridge\",\"articleBody\":\"{}\"}}</script>",
        [STORY[0], STORY[2], STORY[3], STORY[0], STORY[2]].join("\\n\\n")
    );
    let page = read(&head, "<div id=app></div>");
    assert_eq!(texts(&page), [STORY[0], STORY[2], STORY[3]]);
}

#[test]
fn hostile_pages_end_with_an_answer_or_a_reason() {
    let answer =
        |html: &str| page(html, &GivenFields::default(), Lexicon::embedded()).map(|page| page.lines.len());
    assert_eq!(answer(""), Err(HtmlError::Empty));
    assert_eq!(answer("<html><body><a href=/x></a></body></html>"), Err(HtmlError::NoText));
    assert_eq!(answer(&format!("{}<p>{}</p>", "<div>".repeat(20_000), STORY[0])), Ok(1));
    assert_eq!(answer(&format!("<p>{}</p>{}", STORY[0], "<p>x".repeat(40_000))), Ok(1));
    let many_links = format!("<p>{}</p>{}", STORY[0], "<a href=/x>a link</a> ".repeat(30_000));
    assert!(answer(&many_links).is_ok());
}

#[test]
fn takes_the_site_from_the_title_beside_the_heading() {
    let title = "Council closes swing bridge to lorries";
    let named = |title: &str, heading: &str| {
        let page = read(&format!("<title>{title}</title>"), &format!("{heading}<div>{}</div>", paragraphs()));
        assert_eq!(texts(&page), STORY, "{:?}", page.lines);
        (field(&page.fields.outlet).0.to_owned(), field(&page.fields.headline).0.to_owned())
    };
    let heading = format!("<h1>{title}</h1>");
    let expected = ("Ellery Record-Herald".to_owned(), title.to_owned());
    assert_eq!(named(&format!("{title} | Ellery Record-Herald"), &heading), expected);
    // A page of old, without a first-level heading.
    let heading = format!("<b>Ellery Record-Herald</b><h2>{title}</h2>");
    assert_eq!(named(&format!("Ellery Record-Herald - {title}"), &heading), expected);
    assert_eq!(named(title, &format!("<h1>{title}</h1>")).0, "");
}

#[test]
fn reads_bylines_behind_the_station() {
    let byline = "<div class=author-name>Ellery Public Radio | By <a>Ana Duarte</a></div>";
    let body =
        format!("<article><h1>Council closes swing bridge to lorries</h1>{byline}{}</article>", paragraphs());
    let page = read("<title>Council closes swing bridge to lorries</title>", &body);
    assert_eq!(page.fields.authors.map(|found| found.value), Some(vec!["Ana Duarte".to_owned()]));
}

#[test]
fn cuts_linked_headings_of_other_stories() {
    let link = "<h3><a href=/x>Old pier sold to a diving school for one crown</a></h3>";
    let half = STORY.map(|text| format!("<p>{text}</p>"));
    let body = format!("<article>{}{}{link}{}{}</article>", half[0], half[1], half[2], half[3]);
    check_cut(&body, "cross-link", "Old pier sold to a diving school for one crown");
}
