//! Settings, resolved once: flags, environment, project file, user's file, defaults, in this order.
//!
//! The project file (`onrecord.toml`, found upwards from the working directory) may come with somebody's corpus: it may
//! not name programs to run. Unknown keys are notes with the nearest known name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use super::args::GlobalArgs;
use super::exit::{Failure, USAGE};
use crate::query::Groups;

/// Name of the project file.
pub const PROJECT_FILE: &str = "onrecord.toml";

/// The configuration file as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConfigFile {
    /// The corpus of the default index.
    pub corpus: CorpusTable,
    /// Defaults of searching.
    pub search: SearchTable,
    /// The terminal interface.
    pub tui: TuiTable,
    /// Key bindings by pane: `keys.article = { "ctrl-j" = "next-quote" }`.
    pub keys: BTreeMap<String, BTreeMap<String, String>>,
    /// Groups of outlets: `regional = ["Harbour Gazette", "Karsund Courier"]`.
    pub groups: Groups,
    /// Citations.
    pub cite: CiteTable,
    /// Programs to run; not in a project file.
    pub programs: ProgramsTable,
}

/// `[corpus]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CorpusTable {
    /// Folders and files.
    pub paths: Vec<String>,
    /// Only files that match one of these patterns.
    pub include: Vec<String>,
    /// No file that matches one of these patterns.
    pub exclude: Vec<String>,
    /// Which keys or columns hold what.
    pub map: BTreeMap<String, String>,
    /// Index directory.
    pub index: Option<String>,
}

/// `[search]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchTable {
    /// Hits to list.
    pub limit: Option<usize>,
    /// `relevance`, `date`, `date-asc`.
    pub sort: Option<String>,
    /// `fold` or `show`.
    pub copies: Option<String>,
}

/// `[tui]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TuiTable {
    /// `auto`, `ascii`, `unicode`.
    pub borders: Option<String>,
    /// Start with the mouse on.
    pub mouse: Option<bool>,
    /// `default`, `emacs`, `vim`.
    pub keys: Option<String>,
    /// Columns of the article.
    pub reader_width: Option<usize>,
    /// Print the equal command on exit.
    pub print_on_exit: Option<bool>,
}

/// `[cite]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CiteTable {
    /// `plain`, `md`, `bibtex`, `ris`, `csl-json`.
    pub style: Option<String>,
}

/// `[programs]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProgramsTable {
    /// Editor for source files.
    pub editor: Option<String>,
    /// Pager for long text.
    pub pager: Option<String>,
    /// Browser for addresses.
    pub browser: Option<String>,
}

/// Every key of the file with its table, for checking and for `config`.
pub const KEYS: &[(&str, &[&str])] = &[
    ("corpus", &["paths", "include", "exclude", "map", "index"]),
    ("search", &["limit", "sort", "copies"]),
    ("tui", &["borders", "mouse", "keys", "reader_width", "print_on_exit"]),
    ("groups", &[]),
    ("cite", &["style"]),
    ("programs", &["editor", "pager", "browser"]),
    ("keys", &[]),
];

/// Folders of this user.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Configuration.
    pub config: PathBuf,
    /// Indexes.
    pub data: PathBuf,
    /// Saved searches, history.
    pub state: PathBuf,
}

/// All settings, with every value present.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folders of this user.
    pub folders: Folders,
    /// The configuration file used or to be written.
    pub config_path: PathBuf,
    /// The project file, when there is one.
    pub project_path: Option<PathBuf>,
    /// Both files merged.
    pub file: ConfigFile,
    /// Remarks on the files.
    pub notes: Vec<String>,
}

impl Settings {
    /// Reads the files.
    ///
    /// # Errors
    /// A file that cannot be read or is not valid TOML.
    pub fn load(global: &GlobalArgs) -> anyhow::Result<Settings> {
        let folders = folders()?;
        let given = global.config.clone().or_else(|| env_path("ONRECORD_CONFIG"));
        let config_path = given.clone().unwrap_or_else(|| folders.config.join("config.toml"));
        let mut notes = Vec::new();
        let mut file = ConfigFile::default();
        if given.is_some() || config_path.is_file() {
            file = read(&config_path, &mut notes)?;
        }
        let project_path = std::env::current_dir().ok().and_then(|dir| find_upwards(&dir));
        if let Some(path) = project_path.as_ref().filter(|path| **path != config_path) {
            let project = read(path, &mut notes)?;
            merge(&mut file, project, path, &mut notes);
        }
        Ok(Settings { folders, config_path, project_path, file, notes })
    }

    /// Authority file of the user: canonical names and aliases.
    pub fn aliases_path(&self) -> PathBuf {
        self.config_path.with_file_name("aliases.toml")
    }

    /// The program for `what` by the first that speaks: its own variable, the file, the general variables.
    pub fn program(&self, own: &str, file: Option<&str>, general: &[&str]) -> Option<String> {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        var(own).or_else(|| file.map(str::to_owned)).or_else(|| general.iter().find_map(|name| var(name)))
    }

    /// The pager.
    pub fn pager(&self) -> Option<String> {
        self.program("ONRECORD_PAGER", self.file.programs.pager.as_deref(), &["PAGER"])
    }

    /// The editor.
    pub fn editor(&self) -> Option<String> {
        self.program("ONRECORD_EDITOR", self.file.programs.editor.as_deref(), &["VISUAL", "EDITOR"])
    }
}

/// A path from the environment, when set and not empty.
pub fn env_path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn folders() -> anyhow::Result<Folders> {
    let xdg = etcetera::base_strategy::Xdg::new().map_err(|_| {
        Failure::usage("no home folder: set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME")
    })?;
    Ok(Folders {
        config: xdg.config_dir().join("onrecord"),
        data: xdg.data_dir().join("onrecord"),
        state: xdg.state_dir().unwrap_or_else(|| xdg.data_dir()).join("onrecord"),
    })
}

fn find_upwards(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|dir| dir.join(PROJECT_FILE)).find(|path| path.is_file())
}

fn read(path: &Path, notes: &mut Vec<String>) -> anyhow::Result<ConfigFile> {
    let wrong = |message: String| Failure::new(USAGE, format!("{}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    for (name, value) in &table {
        let Some((_, keys)) = KEYS.iter().find(|(table, _)| table == name) else {
            notes.push(unknown(path, &text, name, KEYS.iter().map(|(table, _)| *table)));
            continue;
        };
        for key in value.as_table().into_iter().flat_map(|table| table.keys()) {
            if !keys.is_empty() && !keys.contains(&key.as_str()) {
                notes.push(unknown(path, &text, key, keys.iter().copied()));
            }
        }
    }
    toml::from_str(&text).map_err(|error| wrong(error.to_string()).into())
}

fn unknown<'k>(path: &Path, text: &str, key: &str, known: impl Iterator<Item = &'k str>) -> String {
    let line = text.lines().position(|line| line.trim_start().trim_start_matches('[').starts_with(key));
    let place = line.map_or_else(String::new, |line| format!(":{}", line + 1));
    let nearest = known
        .map(|name| (strsim::damerau_levenshtein(name, key), name))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map_or_else(String::new, |(_, name)| format!(" (did you mean `{name}`?)"));
    format!("{}{place}: unknown key `{key}`{nearest}", path.display())
}

/// Lets the project file have the last word, except on programs.
fn merge(file: &mut ConfigFile, project: ConfigFile, path: &Path, notes: &mut Vec<String>) {
    let programs = &project.programs;
    if programs.editor.is_some() || programs.pager.is_some() || programs.browser.is_some() {
        notes.push(format!("{}: [programs] is ignored in a project file", path.display()));
    }
    let base = path.parent().unwrap_or(Path::new("."));
    if !project.corpus.paths.is_empty() {
        let absolute = |text: &String| base.join(text).to_string_lossy().into_owned();
        file.corpus.paths = project.corpus.paths.iter().map(absolute).collect();
    }
    if let Some(index) = project.corpus.index {
        file.corpus.index = Some(base.join(index).to_string_lossy().into_owned());
    }
    let replace = |mine: &mut Vec<String>, theirs: Vec<String>| {
        if !theirs.is_empty() {
            *mine = theirs;
        }
    };
    replace(&mut file.corpus.include, project.corpus.include);
    replace(&mut file.corpus.exclude, project.corpus.exclude);
    file.corpus.map.extend(project.corpus.map);
    file.search.limit = project.search.limit.or(file.search.limit);
    file.search.sort = project.search.sort.or(file.search.sort.take());
    file.search.copies = project.search.copies.or(file.search.copies.take());
    file.tui.borders = project.tui.borders.or(file.tui.borders.take());
    file.tui.mouse = project.tui.mouse.or(file.tui.mouse);
    file.tui.keys = project.tui.keys.or(file.tui.keys.take());
    file.tui.reader_width = project.tui.reader_width.or(file.tui.reader_width);
    file.tui.print_on_exit = project.tui.print_on_exit.or(file.tui.print_on_exit);
    file.groups.extend(project.groups);
    file.cite.style = project.cite.style.or(file.cite.style.take());
    for (pane, keys) in project.keys {
        file.keys.entry(pane).or_default().extend(keys);
    }
}

/// `~/x` as a path in the home folder.
pub fn expand_home(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_unknown_keys_with_line_and_nearest_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "[search]\nlimt = 5\nlimit = 7\n\n[colour]\nx = 1\n").unwrap();
        let mut notes = Vec::new();
        let file = read(&path, &mut notes).unwrap();
        assert_eq!(file.search.limit, Some(7));
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(
            notes
                .iter()
                .any(|note| note.ends_with("config.toml:2: unknown key `limt` (did you mean `limit`?)"))
        );
        assert!(notes.iter().any(|note| note.contains("config.toml:5: unknown key `colour`")));
    }

    #[test]
    fn project_file_wins_but_runs_nothing() {
        let mut file: ConfigFile = toml::from_str("search.limit = 5\nprograms.pager = 'less'").unwrap();
        let project: ConfigFile =
            toml::from_str("search.limit = 9\nprograms.pager = 'evil'\ncorpus.paths = ['news']").unwrap();
        let mut notes = Vec::new();
        merge(&mut file, project, Path::new("/proj/onrecord.toml"), &mut notes);
        assert_eq!(file.search.limit, Some(9));
        assert_eq!(file.programs.pager.as_deref(), Some("less"));
        assert_eq!(file.corpus.paths, ["/proj/news"]);
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn refuses_wrong_types_naming_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "[search]\nlimit = 'many'\n").unwrap();
        let error = read(&path, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("config.toml") && error.contains("line 2"), "{error}");
    }
}
