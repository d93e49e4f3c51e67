//! Time, processor time and memory, of this process and of others; facts of the machine; how numbers are shown.
//!
//! Processor time and memory are read from Linux's `/proc`. Elsewhere they are `NaN` and shown as `-`; the rest works.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Clock ticks of `/proc` in a second.
const TICKS: f64 = 100.0;

/// What one run of a program took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of all its threads, in user code and in the system.
    pub cpu: f64,
    /// Greatest resident memory, in bytes, mapped files included.
    pub peak: f64,
    /// Greatest memory that is not a mapped file.
    pub anonymous: f64,
}

/// Processor seconds of this process and of its children that have ended.
pub fn cpu_seconds() -> (f64, f64) {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else { return (f64::NAN, f64::NAN) };
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> =
        after_name.split_whitespace().map(|field| field.parse().unwrap_or(f64::NAN)).collect();
    // Fields 14 to 17 of proc(5), counted from field 3.
    (fields[11..13].iter().sum::<f64>() / TICKS, fields[13..15].iter().sum::<f64>() / TICKS)
}

/// Seconds of the processor, lap by lap; of the clock where the system does not say.
pub struct Clock {
    thread: f64,
    process: f64,
    wall: Instant,
}

impl Clock {
    /// From now on.
    pub fn start() -> Clock {
        Clock { thread: thread_seconds(), process: cpu_seconds().0, wall: Instant::now() }
    }

    /// What this thread took since the start or the last lap.
    pub fn lap(&mut self) -> f64 {
        let last = std::mem::replace(self, Clock::start());
        or_wall(self.thread - last.thread, last.wall)
    }

    /// What all threads took.
    pub fn lap_of_all(&mut self) -> f64 {
        let last = std::mem::replace(self, Clock::start());
        or_wall(self.process - last.process, last.wall)
    }
}

fn or_wall(seconds: f64, begun: Instant) -> f64 {
    if seconds.is_finite() { seconds } else { begun.elapsed().as_secs_f64() }
}

/// Processor seconds of this thread.
fn thread_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or(f64::NAN, |nanoseconds| nanoseconds / 1e9)
}

/// A line of `/proc/PID/status`, in bytes.
pub fn status(pid: &str, name: &str) -> f64 {
    let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) else { return f64::NAN };
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes * 1024.0)
}

/// Runs a program to its end, its memory looked at every few milliseconds.
pub fn run(command: &mut Command) -> Cost {
    let (_, before) = cpu_seconds();
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("start a program");
    let pid = child.id().to_string();
    let mut cost = Cost { anonymous: f64::NAN, peak: f64::NAN, ..Cost::default() };
    let ended = loop {
        if let Some(ended) = child.try_wait().expect("wait for a program") {
            break ended;
        }
        cost.peak = cost.peak.max(status(&pid, "VmHWM"));
        cost.anonymous = cost.anonymous.max(status(&pid, "RssAnon"));
        thread::sleep(Duration::from_millis(5));
    };
    cost.wall = begun.elapsed().as_secs_f64();
    cost.cpu = cpu_seconds().1 - before;
    assert!(ended.success(), "{command:?} ended with {ended}");
    cost
}

/// Runs a short program `times` times; mean seconds from start to its last byte, and of the processor.
pub fn run_short(times: usize, mut command: impl FnMut(usize) -> Command) -> (Vec<f64>, f64) {
    let (_, before) = cpu_seconds();
    let mut walls = Vec::with_capacity(times);
    for idx in 0..times {
        let begun = Instant::now();
        let mut child = command(idx).stdout(Stdio::piped()).spawn().expect("start a program");
        let mut bytes = Vec::new();
        let mut out = child.stdout.take().expect("its output");
        out.read_to_end(&mut bytes).expect("read its output");
        walls.push(begun.elapsed().as_secs_f64());
        child.wait().expect("wait for a program");
    }
    (walls, (cpu_seconds().1 - before) / times as f64)
}

/// The middle of `values`, or a value near another share of them.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().saturating_sub(1)) as f64 * share;
    sorted.get(at.round() as usize).copied().unwrap_or(f64::NAN)
}

/// The middle of `values`.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// Bytes of all files under `dir`.
pub fn size_of(dir: &std::path::Path) -> f64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0.0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
        Ok(metadata) => metadata.len() as f64,
        Err(_) => 0.0,
    });
    sizes.sum()
}

/// Processor, cores, memory, system.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let memory = read("/proc/meminfo");
    let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next());
    let total = total.and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1_048_576.0;
    let load = read("/proc/loadavg");
    format!(
        "{}, {} cores, {total:.0} GB, {} {}, load {}",
        model.map_or("unknown processor", |(_, model)| model),
        thread::available_parallelism().map_or(0, usize::from),
        std::env::consts::OS,
        std::env::consts::ARCH,
        load.split(' ').next().unwrap_or("unknown"),
    )
}

/// A heading and rows, columns aligned, the first to the left.
pub fn table(title: &str, head: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.len()).collect();
    for row in rows {
        row.iter().zip(&mut widths).for_each(|(cell, width)| *width = (*width).max(cell.chars().count()));
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::new();
        for (idx, (cell, width)) in cells.zip(&widths).enumerate() {
            match idx {
                0 => out.push_str(&format!("{cell:width$}")),
                _ => out.push_str(&format!("  {cell:>width$}")),
            }
        }
        println!("  {}", out.trim_end());
    };
    println!("\n{title}");
    line(&mut head.iter().copied());
    rows.iter().for_each(|row| line(&mut row.iter().map(String::as_str)));
}

/// A number with `digits` behind the point; `-` for none.
pub fn shown(value: f64, digits: usize) -> String {
    if value.is_finite() { format!("{value:.digits$}") } else { "-".to_owned() }
}

/// A ratio beside what it should be at most.
pub fn against(value: f64, goal: f64) -> String {
    match value.is_finite() {
        true => format!("{value:.2} ({}{goal})", if value <= goal { "within " } else { "goal " }),
        false => "-".to_owned(),
    }
}
