//! What is marked in a text is what matched.

use super::*;

/// Marks of `query` in `text`, in brackets; sentences end at full stops, paragraphs at bars.
fn marked(query: &str, text: &str) -> String {
    let query = parse(query, TODAY).map(|parsed| parsed.query).unwrap_or(Query::All);
    let plan = Plan::new(&query);
    let words: Vec<crate::text::Word> = crate::text::words(text).collect();
    let mut term = String::new();
    let mut places = vec![Vec::new(); plan.leaves().len()];
    let (mut sentences, mut paragraphs) = (Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate() {
        word.term_into(&mut term);
        let position = at as u32;
        for (leaf, found) in plan.leaves().iter().zip(&mut places) {
            let wanted = crate::text::fold(&leaf.term.word).into_owned();
            let holds = match leaf.term.form {
                TermForm::Prefix => term.starts_with(&wanted),
                _ => term == wanted,
            };
            if holds {
                found.push(Place::word(position));
            }
        }
        let before = at.checked_sub(1).map_or("|", |at| &text[words[at].span.end..word.span.start]);
        if before.contains(['.', '|']) {
            sentences.push(position);
        }
        if before.contains('|') {
            paragraphs.push(position);
        }
    }
    let bounds = Bounds { texts: &[], sentences: &sentences, paragraphs: &paragraphs };
    let mut marks = Vec::new();
    let holds = plan.marks(&places, bounds, &mut marks);
    assert_eq!(holds, plan.holds(&places, bounds), "{query}");
    let mut out = String::new();
    let mut from = 0;
    for mark in &marks {
        let (start, end) = (words[mark.start as usize].span.start, words[mark.end as usize - 1].span.end);
        out.push_str(&format!("{}[{}]", &text[from..start], &text[start..end]));
        from = end;
    }
    format!("{}{}{}", if holds { "" } else { "NO: " }, out, &text[from..])
}

#[track_caller]
fn check_marks(query: &str, text: &str, expected: &str) {
    assert_eq!(marked(query, text), expected, "{query}");
}

#[test]
fn marks_are_what_matched() {
    check_marks("tax levy", "a tax, a levy", "a [tax], a [levy]");
    check_marks("tax cut", "a tax", "NO: a [tax]");
    check_marks("\"net zero\"", "net gain, net zero, zero net", "net gain, [net zero], zero net");
    check_marks("\"net ze*\"", "net zeal", "[net zeal]");
    check_marks("\"net zero\"~1", "zero is net, net", "[zero] is [net], net");
    check_marks("\"net zero\"~1", "zero is a net", "NO: zero is a net");
    check_marks("tax -levy", "tax", "[tax]");
    check_marks("tax -levy", "tax levy", "NO: [tax] levy");
    check_marks("tax AND speaker:lind", "tax", "[tax]");
    check_marks("a NOT date:2021", "a", "[a]");
}

#[test]
fn nearness_marks_only_where_it_holds() {
    let text = "tax a cut. z tax b c d e f cut";
    check_marks("tax w/2 cut", text, "[tax] a [cut]. z [tax] b c d e f cut");
    check_marks("tax w/1 cut", text, "NO: tax a cut. z tax b c d e f cut");
    check_marks("z w/1 tax", text, "tax a cut. [z] [tax] b c d e f cut");
    check_marks("cut pre/2 tax", text, "tax a [cut]. z [tax] b c d e f cut");
    check_marks("tax pre/2 cut", text, "[tax] a [cut]. z tax b c d e f cut");
    check_marks("tax w/s cut", "tax. cut. cut tax x|tax", "tax. cut. [cut] [tax] x|tax");
    check_marks("tax w/p cut", "tax. cut|tax|cut", "[tax]. [cut]|tax|cut");
    check_marks("(tax OR \"b c\") w/4 cut", text, "[tax] a [cut]. z [tax] [b c] d e f [cut]");
    check_marks("(tax w/5 cut) w/1 a", "tax a cut", "[tax] [a] [cut]");
    check_marks("\"a b c\" w/1 b", "a b c", "NO: a b c");
    check_marks("tax w/5 tax", "tax x tax", "[tax] x [tax]");
    check_marks("tax w/5 tax", "tax x", "NO: tax x");
    check_marks("atleast2(tax)", "tax tax", "[tax] [tax]");
    check_marks("atleast3(tax OR \"tax tax\")", "tax tax", "NO: tax tax");
    check_marks("NOT (tax w/1 cut)", "tax a cut", "tax a cut");
}
