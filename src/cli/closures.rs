//! `verbund closures`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::model::{HospitalId, Moment, Standard};
use verbund::planning::closures::{self, Aftermath, Aftermaths, Closure, Order, Sites};
use verbund::report::{self, ClosuresBy, ClosuresView};
use verbund::routing::{Choice, Huff};

use super::query::Faults;
use super::resume::{self, Finished, Input};
use super::terminal::tell;
use super::{Common, INTERRUPTED, input, interrupt, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Key or name of the standard, such as `stroke_unit`
    #[arg(long, value_name = "STANDARD")]
    standard: String,
    /// How many hospitals close at once
    #[arg(long, value_name = "1|2|3", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    order: u8,
    /// How many closures are shown, the first ones; all of them are counted
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Rank::Beyond)]
    rank: Rank,
    /// Minutes instead of the standard's own limit
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=120))]
    within: Option<u32>,
    /// Only what is open at this moment, such as "Sat 03:00"; where cases go is then left out, as they are
    /// those of a whole year [default: what is open in some hour of the week]
    #[arg(long, value_name = "MOMENT", conflicts_with = "choice")]
    at: Option<Moment>,
    /// Hospitals outside of the region may close, too
    #[arg(long)]
    all_sites: bool,
    /// The reverse: the largest set of hospitals that could close at once with nobody falling beyond
    /// the limit; it says nothing of longer ways and fuller neighbours within it, see --none-overfull
    #[arg(long, alias = "harmless", conflicts_with_all = ["order", "limit", "rank", "resume"])]
    nobody_beyond: bool,
    /// With --nobody-beyond: and with no other hospital that takes their cases having more bed days than
    /// beds then
    #[arg(long, requires = "nobody_beyond")]
    none_overfull: bool,
    /// How the cases of closed hospitals choose another one
    #[arg(long, value_enum, default_value_t = Chosen::Huff)]
    choice: Chosen,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Set)]
    by: By,
    /// Keep what is finished in this file; when it is there, go on with it
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rank {
    /// The most people newly beyond the limit
    Beyond,
    /// The most people who fall out only when all of the set close: more than the sum of its parts
    Together,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Chosen {
    /// Everybody goes to the nearest hospital
    Nearest,
    /// Shares by beds and time
    Huff,
    /// Leave out where they go: no occupancy, and much faster
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// One row a set of hospitals that close
    Set,
    /// One row a set and hospital that takes cases, with occupancy before and after
    Receiver,
}

impl Arguments {
    /// The file of finished work.
    pub(super) fn resume(&self) -> Option<&Path> {
        self.resume.as_deref()
    }

    fn choice(&self) -> Option<Choice> {
        if self.at.is_some() {
            return None;
        }
        match self.choice {
            Chosen::Nearest => Some(Choice::Nearest),
            Chosen::Huff => Some(Choice::Huff(Huff::default())),
            Chosen::None => None,
        }
    }

    fn sites(&self) -> Sites {
        if self.all_sites { Sites::All } else { Sites::Inside }
    }

    fn order(&self) -> Order {
        Order::of_size(usize::from(self.order)).unwrap_or(Order::Single)
    }

    fn view<'a>(&self, common: &Common, standard: &'a Standard) -> ClosuresView<'a> {
        ClosuresView {
            standard,
            sites: self.sites(),
            choice: self.choice(),
            by: match self.by {
                By::Set => ClosuresBy::Set,
                By::Receiver => ClosuresBy::Receiver,
            },
            is_single: common.format.is_csv(),
            none_overfull: self.none_overfull,
            interrupted: None,
        }
    }

    /// What the file of `--resume` must be about.
    fn input(&self, region: &Region, standard: &Standard) -> Input {
        let network = region.network();
        Input {
            program: concat!("verbund ", env!("CARGO_PKG_VERSION")).to_owned(),
            network: network.name().to_owned(),
            as_of: network.date().to_string(),
            fingerprint: format!("{:016x}", region.fingerprint()),
            standard: standard.key.clone(),
            limit_minutes: standard.minutes,
            order: self.order().size(),
            may_close: if self.all_sites { "all" } else { "inside" }.to_owned(),
            choice: self.choice().map_or(resume::NO_CHOICE.to_owned(), |choice| choice.to_string()),
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<u8> {
    let mut faults = Faults::default();
    faults.take(output::check(common));
    if let Some(path) = &arguments.resume {
        faults.take(output::check_file("--resume", path));
        faults.take(output::check_other(common, "--resume", path));
    }
    if arguments.at.is_some() && (arguments.by == By::Receiver || arguments.none_overfull) {
        faults.add(&anyhow!(
            "--at looks at one hour, but cases are those of a whole year: without --by receiver and \
             --none-overfull"
        ));
    }
    if arguments.by == By::Receiver && arguments.choice == Chosen::None {
        faults.add(&anyhow!(
            "--by receiver needs to know how cases choose: --choice huff or nearest"
        ));
    }
    if arguments.none_overfull && arguments.choice == Chosen::None {
        faults.add(&anyhow!(
            "--none-overfull needs to know how cases choose: --choice huff or nearest"
        ));
    }
    let region = faults.take(input::region(common));
    let standard = region.as_ref().and_then(|(_, region)| {
        faults.take(input::standards(region, std::slice::from_ref(&arguments.standard)))
    });
    faults.tell()?;
    let (Some((_, region)), Some(mut standards)) = (region, standard) else {
        return Err(anyhow!("the network cannot be read"));
    };
    let region = match arguments.at {
        Some(moment) => region.in_hour(moment.hour),
        None => region,
    };
    let mut standard = standards.swap_remove(0);
    standard.minutes = arguments.within.unwrap_or(standard.minutes);
    if arguments.nobody_beyond {
        return nobody_beyond(common, arguments, &region, &standard);
    }

    let found = closures::search(&region, &standard, arguments.sites(), arguments.order())?;
    let count = arguments.limit as usize;
    let sets = match arguments.rank {
        Rank::Beyond => found.worst(count),
        Rank::Together => found.together(count),
    };
    let about = arguments.input(&region, &standard);
    let mut work = Work {
        region: &region,
        path: arguments.resume.as_deref(),
        about,
        finished: Finished::new(),
    };
    if let Some(path) = work.path {
        work.finished = resume::read(path, &work.about, (&region, found.sites()))?;
    }
    let after = aftermaths(&region, &standard, arguments)?;
    let stop = interrupt::stop(if work.path.is_some() {
        "the closures that are finished are kept, in the file of --resume as well"
    } else {
        "the closures that are finished are kept"
    });
    work.finish(&after, &sets, stop)?;
    interrupt::end_at_once();
    let all = sets.len();
    let mut rows: Vec<(Closure, Aftermath)> = Vec::with_capacity(all);
    for one in sets {
        if let Some(after) = work.finished.remove(&one.hospitals) {
            rows.push((one, after));
        }
    }
    let mut view = arguments.view(common, &standard);
    let is_interrupted = rows.len() < all;
    if is_interrupted {
        let done = rows.len();
        let hint = match &arguments.resume {
            Some(path) => format!("--resume {} goes on", path.display()),
            None => "--resume FILE would have kept them".to_owned(),
        };
        tell(&format!("interrupted after {done} of {all} closures; {hint}"));
        if done == 0 {
            return Ok(INTERRUPTED);
        }
        view.interrupted = Some(format!("partial: {done} of {all} closures are finished"));
    }
    let first = match arguments.rank {
        Rank::Beyond => "most people newly beyond the limit",
        Rank::Together => "most people who fall out only when all of the set close",
    };
    let document = report::closures(&region, &found, &rows, &view).about("first", first);
    output::print(common, &document)?;
    Ok(if is_interrupted { INTERRUPTED } else { 0 })
}

fn nobody_beyond(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    standard: &Standard,
) -> anyhow::Result<u8> {
    let waiting = input::waiting("looking for the largest set");
    let aftermaths = aftermaths(region, standard, arguments)?;
    let stop = interrupt::stop("the best set so far is kept");
    // Closing nobody is a set already, and the search begins with a good one.
    interrupt::keep();
    let sites = arguments.sites();
    let found = if arguments.none_overfull {
        closures::harmless_with_beds(region, standard, sites, &aftermaths, stop)?
    } else {
        closures::harmless(region, standard, sites, stop)?
    };
    let is_interrupted = stop.load(Ordering::Relaxed) && !found.is_proven;
    interrupt::end_at_once();
    let after = aftermaths.of(&found.closing);
    waiting.finish_and_clear();
    let mut view = arguments.view(common, standard);
    if is_interrupted {
        tell("interrupted: this is the best set so far");
        view.interrupted = Some("partial: the best set so far".to_owned());
    }
    output::print(common, &report::harmless(region, &found, &after, &view))?;
    Ok(if is_interrupted { INTERRUPTED } else { 0 })
}

fn aftermaths<'r>(
    region: &'r Region,
    standard: &Standard,
    arguments: &Arguments,
) -> anyhow::Result<Aftermaths<'r>> {
    let after = Aftermaths::new(region, standard)?;
    Ok(match arguments.choice() {
        Some(choice) => after.with_overload(choice)?,
        None => after,
    })
}

/// What is finished, and where it is kept.
struct Work<'a> {
    region: &'a Region,
    path: Option<&'a Path>,
    about: Input,
    finished: Finished,
}

/// Sets that are worked out between two looks at the clock.
const AT_ONCE: usize = 16;
/// How often finished work is written at most.
const EVERY: Duration = Duration::from_secs(2);
/// All of it is written each time: so much longer than that takes the next one waits.
const LONGER: u32 = 20;

impl Work<'_> {
    /// Works out what is not finished yet, until it is done or somebody stops it.
    fn finish(
        &mut self,
        after: &Aftermaths<'_>,
        sets: &[Closure],
        stop: &AtomicBool,
    ) -> anyhow::Result<()> {
        let is_open = |set: &&[HospitalId]| !self.finished.contains_key(*set);
        let open: Vec<&[HospitalId]> =
            sets.iter().map(|one| one.hospitals.as_slice()).filter(is_open).collect();
        if open.len() < sets.len() {
            interrupt::keep();
        }
        let bar = input::bar(sets.len() as u64, "closures");
        bar.set_position((sets.len() - open.len()) as u64);
        let mut written = Instant::now();
        let mut pause = EVERY;
        for chunk in open.chunks(AT_ONCE) {
            let is_finished = || {
                interrupt::keep();
                bar.inc(1);
            };
            for one in after.of_each(chunk, stop, &is_finished) {
                self.finished.insert(one.hospitals.clone(), one);
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
            if written.elapsed() > pause {
                let begun = Instant::now();
                self.save()?;
                written = Instant::now();
                pause = EVERY.max(LONGER * begun.elapsed());
            }
        }
        bar.finish_and_clear();
        self.save()
    }

    fn save(&self) -> anyhow::Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        resume::write(path, &self.about, &self.finished, self.region)
    }
}
