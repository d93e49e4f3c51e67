//! The README's walk-through, replayed: each `$ onrecord ...` line is run on the sample corpus and must print what the
//! README shows below it.

use crate::support::{Home, root};

/// Commands of the walk-through with the output shown, in order.
fn walk() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            continue;
        }
        if !inside {
            continue;
        }
        match line.strip_prefix("$ onrecord ") {
            Some(command) => steps.push((command.to_owned(), String::new())),
            None => {
                let step = steps.last_mut().expect("a command stands above its output");
                step.1.push_str(line);
                step.1.push('\n');
            }
        }
    }
    steps
}

/// Words of a command as a shell cuts them; single quotes only.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (idx, part) in command.split('\'').enumerate() {
        if idx % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn commands_print_what_the_readme_shows() {
    let home = Home::new();
    let steps = walk();
    assert!(steps.len() >= 5, "the walk-through has several commands");
    for (command, shown) in steps {
        let mut words = words(&command);
        words.extend(["-f".to_owned(), "table".to_owned(), "-q".to_owned()]);
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let printed = home.ok(&args);
        assert_eq!(printed.trim_end(), shown.trim_end(), "onrecord {command}");
    }
}

#[test]
fn first_commands_are_there() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    assert!(text.contains("\ncargo run --release -- search --corpus sample-corpus "));
    assert!(text.contains("\ncargo test\n"));
}
