//! `verbund closures`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::calendar::Moment;
use verbund::model::{HospitalId, Standard};
use verbund::planning::closures::{
    self, Aftermath, Aftermaths, Closure, Closures, Finished, Order, Question, Sites,
};
use verbund::plot::Source;
use verbund::report::{self, ClosuresBy, ClosuresView};
use verbund::routing::{Choice, ChoiceModel};
use verbund::run::Control;
use verbund::said;

use super::after::{self, Answered, ScenarioOptions};
use super::choice::{self, Followed};
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output, plot};

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
    #[arg(long, default_value = "huff", value_parser = choice::followed())]
    choice: Followed,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = ClosuresBy::Set)]
    by: ClosuresBy,
    /// Keep what is finished in this file; when it is there, go on with it
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Draw how many hospitals could close against the people who stay in time, with the worst closures of up to
    /// --order hospitals, into this file (SVG)
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    after: ScenarioOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rank {
    /// The most people newly beyond the limit
    Beyond,
    /// The most people who fall out only when all of the set close: more than the sum of its parts
    Together,
}

impl Arguments {
    /// The file of finished work.
    pub(super) fn resume(&self) -> Option<&Path> {
        self.resume.as_deref()
    }

    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }

    /// How cases are followed to where they go; `None` leaves that out.
    fn choice(&self) -> Option<Choice> {
        // Cases are those of a whole year: of one hour nothing can be said.
        if self.at.is_some() { None } else { self.choice.map(ChoiceModel::usual) }
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
            by: self.by,
            // CSV has room for one table only.
            is_single: common.is_one_table(),
            none_overfull: self.none_overfull,
            interrupted: None,
        }
    }

    /// What the file of `--resume` must be about.
    fn question(&self, region: &Region, standard: &Standard) -> Question {
        let question = Question::new(region, standard, self.sites());
        question.order(self.order()).choice(self.choice())
    }

    /// Flags that do not go together, and files that cannot be written.
    fn check(&self, common: &Common, faults: &mut Faults) {
        faults.note(output::check(common));
        if let Some(path) = &self.resume {
            faults.note(output::check_file("--resume", path));
            faults.note(output::check_other(common, "--resume", path));
            after::refuse_to_keep(&self.after, "--resume", path, faults);
        }
        plot::check(common, self.plot(), ("--resume", self.resume()), faults);
        plot::check_single(&self.after, self.plot(), faults);
        if self.at.is_some() && (self.by == ClosuresBy::Receiver || self.none_overfull) {
            faults.add(&fault!("--at looks at one hour, but cases are those of a whole year: without --by receiver and \
                 --none-overfull"));
        }
        let needs = [
            ("--by receiver", self.by == ClosuresBy::Receiver),
            ("--none-overfull", self.none_overfull),
        ];
        for (flag, is_given) in needs {
            if is_given && self.choice.is_none() {
                faults.add(&fault!(
                    "{flag} needs to know how cases choose: --choice huff or nearest",
                    flag
                ));
            }
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    arguments.check(common, &mut faults);
    let networks = arguments.after.read_noting(common, &mut faults)?;
    let named = std::slice::from_ref(&arguments.standard);
    let mut standards = faults.need(input::standards(&networks.region, named))?;
    faults.tell()?;
    // One name that means something gives one standard.
    let mut standard = standards.swap_remove(0);
    standard.minutes = arguments.within.unwrap_or(standard.minutes);
    networks.answer(common, |region| {
        let region = input::in_hour(region.clone(), arguments.at);
        let answered = if arguments.nobody_beyond {
            nobody_beyond(common, arguments, &region, &standard)?
        } else {
            worst(common, arguments, &region, &standard)?
        };
        // Who stopped the run wants no more of it.
        if let (Some(path), Ending::Done) = (arguments.plot(), answered.ending()) {
            let source = plot::source(&region, &networks);
            draw(path, arguments, Drawn { region: &region, standard: &standard, source })?;
        }
        Ok(answered)
    })
}

/// What closures are drawn of.
struct Drawn<'a> {
    region: &'a Region,
    standard: &'a Standard,
    source: Source,
}

/// Draws closures against the people who stay in time.
fn draw(path: &Path, arguments: &Arguments, drawn: Drawn<'_>) -> anyhow::Result<()> {
    let Drawn { region, standard, source } = drawn;
    let waiting = input::waiting("drawing closures against people in time");
    let (sites, order) = (arguments.sites(), arguments.order());
    let frontier = closures::frontier(region, standard, sites, order, &Control::default())?;
    waiting.finish_and_clear();
    plot::write(
        path,
        super::language::for_reader(|| verbund::plot::frontier(region, &frontier, &source)),
    )
}

/// The closures that hurt most.
fn worst(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    standard: &Standard,
) -> anyhow::Result<Answered> {
    let closures = closures::search(region, standard, arguments.sites(), arguments.order())?;
    let count = arguments.limit as usize;
    let sets = match arguments.rank {
        Rank::Beyond => closures.worst(count),
        Rank::Together => closures.together(count),
    };
    let rows = followed(arguments, region, standard, &closures, &sets)?;
    let mut view = arguments.view(common, standard);
    let is_interrupted = rows.len() < sets.len();
    if is_interrupted {
        view.interrupted = Some(tell_interrupted(arguments, rows.len(), sets.len()));
        if rows.is_empty() {
            return Ok(Answered::interrupted());
        }
    }
    let first = match arguments.rank {
        Rank::Beyond => "most people newly beyond the limit",
        Rank::Together => "most people who fall out only when all of the set close",
    };
    let document = report::closures(region, &closures, &rows, &view).about("first", first);
    Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
}

/// What follows each closure, in their order; those that were not finished are left out.
fn followed(
    arguments: &Arguments,
    region: &Region,
    standard: &Standard,
    searched: &Closures,
    sets: &[Closure],
) -> anyhow::Result<Vec<(Closure, Aftermath)>> {
    let question = arguments.question(region, standard);
    let path = arguments.resume();
    let finished = match path {
        None => Finished::new(question),
        Some(path) => Finished::read(path, question, region, searched.sites())
            .with_context(|| format!("--resume {}", path.display()))?,
    };
    let mut work = Work { region, path, finished };
    let after = aftermaths(region, standard, arguments)?;
    let kept = if path.is_some() {
        "the closures that are finished are kept, in the file of --resume as well"
    } else {
        "the closures that are finished are kept"
    };
    let control = Control::default().stop(interrupt::stop(kept));
    work.finish(&after, sets, &control)?;
    interrupt::end_at_once();

    // In the order of the sets, whichever of them was finished first: output is the same with any number of
    // threads.
    let mut rows = Vec::with_capacity(sets.len());
    for set in sets {
        if let Some(after) = work.finished.take(&set.hospitals) {
            rows.push((set.clone(), after));
        }
    }
    Ok(rows)
}

/// Says how far it came, and how it can go on; what the document says of it.
fn tell_interrupted(arguments: &Arguments, done: usize, most: usize) -> String {
    let hint = match &arguments.resume {
        Some(path) => said!("--resume {path} goes on", path = path.display()),
        None => said!("--resume FILE would have kept them"),
    };
    tell(&message!("interrupted after {done} of {most} closures; {hint}", done, most, hint));
    said!("partial: {done} of {most} closures are finished", done, most)
}

fn nobody_beyond(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    standard: &Standard,
) -> anyhow::Result<Answered> {
    let waiting = input::waiting("looking for the largest set");
    let aftermaths = aftermaths(region, standard, arguments)?;
    let control = Control::default().stop(interrupt::stop("the best set so far is kept"));
    // Closing nobody is a set already, and the search begins with a good one.
    interrupt::keep();
    let sites = arguments.sites();
    let largest = if arguments.none_overfull {
        closures::harmless_with_beds(region, standard, sites, &aftermaths, &control)?
    } else {
        closures::harmless(region, standard, sites, &control)?
    };
    // Somebody who stops a search that has just ended has missed nothing.
    let is_interrupted = control.is_stopped() && !largest.is_proven;
    interrupt::end_at_once();
    let after = aftermaths.of(&largest.closing);
    waiting.finish_and_clear();

    let mut view = arguments.view(common, standard);
    if is_interrupted {
        tell(&message!("interrupted: this is the best set so far"));
        view.interrupted = Some(said!("partial: the best set so far"));
    }
    let document = report::harmless(region, &largest, &after, &view);
    Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
}

fn aftermaths(
    region: &Region,
    standard: &Standard,
    arguments: &Arguments,
) -> anyhow::Result<Aftermaths> {
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
        after: &Aftermaths,
        sets: &[Closure],
        control: &Control<'_>,
    ) -> anyhow::Result<()> {
        let hospitals = sets.iter().map(|set| set.hospitals.as_slice());
        let open: Vec<&[HospitalId]> = hospitals.filter(|set| !self.finished.has(set)).collect();
        if open.len() < sets.len() {
            // What an earlier run left in the file is worth printing at once.
            interrupt::keep();
        }
        let bar = input::bar(sets.len() as u64, "closures");
        bar.set_position((sets.len() - open.len()) as u64);

        let mut written = Instant::now();
        let mut pause = EVERY;
        for chunk in open.chunks(AT_ONCE) {
            let progress = |_| {
                interrupt::keep();
                bar.inc(1);
            };
            for after in after.of_each(chunk, &control.progress(&progress)) {
                self.finished.keep(after);
            }
            if control.is_stopped() {
                break;
            }
            if written.elapsed() > pause {
                let begun = Instant::now();
                self.save()?;
                written = Instant::now();
                // On a slow disk the work would otherwise wait for its own notes.
                pause = EVERY.max(LONGER * begun.elapsed());
            }
        }
        bar.finish_and_clear();
        self.save()
    }

    fn save(&self) -> anyhow::Result<()> {
        let Some(path) = self.path else { return Ok(()) };
        let written = self.finished.write(path, self.region);
        written.with_context(|| format!("--resume {}", path.display()))
    }
}
