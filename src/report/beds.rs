//! Beds for a target: formula and simulation side by side.

use super::Column;
use super::caveats;
use super::document::{
    Cell, Document, Hint, Remark, Section, Table, TableBuilder, hospital_of, specialty_of,
};
use super::hours::{self, Cases};
use super::open;
use crate::model::{Catalog, Network};
use crate::region::Region;
use crate::report::columns::{
    APPROXIMATE_WAIT_HOURS, ARRIVALS_PER_DAY, BEDS, LEAST_BEDS, LEAST_BEDS_FROM,
    LEAST_BEDS_SIMULATED, LEAST_BEDS_TO, MEAN_WAIT_HOURS, NOTE, OCCUPANCY_SHARE, OFFERED_BEDS,
    POOLED_REFUSED_PER_100, POOLED_WAITING_PER_100, REFUSED_CASES, REFUSED_PER_100,
    SIMULATED_OCCUPANCY_SHARE, SIMULATED_REFUSED_FROM_PER_100, SIMULATED_REFUSED_PER_100,
    SIMULATED_REFUSED_TO_PER_100, SIMULATED_WAIT_HOURS, SIMULATED_WAITING_FROM_PER_100,
    SIMULATED_WAITING_PER_100, SIMULATED_WAITING_TO_PER_100, STAY_DAYS, WAITING_CASES,
    WAITING_PER_100, WARD, WHAT,
};
use crate::routing::Choice;
use crate::simulation::{
    BedAnswer, BedCurve, BedFormula, BedPooling, BedQuestion, BedRow, BedSimulation, Ended,
    HospitalWard, WardKind,
};
use crate::stats::Interval;
use crate::units::in_words;
use crate::words::{self, with_mark};

/// Where the cases and stays of a question come from, when that is a region.
#[derive(Debug, Clone, Copy)]
pub struct BedsFrom<'a> {
    /// The region.
    pub region: &'a Region,
    /// How patients chose.
    pub choice: Choice,
    /// The ward of the region behind each ward of the question, in the same order.
    pub wards: &'a [HospitalWard],
}

impl BedsFrom<'_> {
    /// The document with hospitals, specialty and wards in its head.
    fn tell(&self, document: Document) -> Document {
        let mut document = hours::on_cases(document, self.region, Cases::OverTime);
        let network = self.region.network();
        let catalog = network.catalog();

        let mut hospitals = Vec::new();
        let mut wards = Vec::new();
        for ward in self.wards {
            let hospital = &network[ward.hospital];
            hospitals.push(hospital_of(&hospital.key));
            let told = ward_in_words(catalog, ward);
            let is_alone = self.wards.len() == 1;
            wards.push(if is_alone {
                told
            } else {
                format!("{}: {told}", hospital_of(&hospital.key))
            });
        }

        // A question is about one specialty, whatever the ward that treats it is called at each hospital.
        if let Some(first) = self.wards.first() {
            let specialty = specialty_of(&first.specialty);
            document =
                document.about("hospital", hospitals.join("; ")).about("specialty", specialty);
        }
        document
            .about("ward", wards.join("; "))
            .about("choice", said!("{choice} (assumed)", choice = self.choice))
    }

    /// What a reader must know of the wards of intensive care.
    fn on_intensive_care(&self) -> Option<Remark> {
        let has_unit = self.wards.iter().any(|ward| ward.kind == WardKind::IntensiveCareUnit);
        if !has_unit {
            return None;
        }
        let told = "Patients of an intensive care unit: the cases of intensive care itself and the same share of \
                    the patients of all other specialties but those that need none, for four days each (assumed";
        Some(Remark::from(told).hint(Hint::WardsInTurn).and(")."))
    }
}

/// What a ward is, with its beds; and where it is not that of the specialty alone, what else lies in it.
fn ward_in_words(catalog: &Catalog, ward: &HospitalWard) -> String {
    let beds = match ward.beds {
        Some(1) => said!("1 bed"),
        Some(beds) => said!("{beds} beds", beds = Cell::count(beds).display()),
        None => said!("beds unknown"),
    };

    // The load counts their patients too, so a reader must see whose they are.
    let mut others = Vec::new();
    for key in &ward.treats {
        if *key != ward.specialty {
            others.push(catalog.name_in_print(key));
        }
    }

    match ward.kind {
        WardKind::IntensiveCareUnit => said!("the intensive care unit, {beds}", beds),
        WardKind::BroaderDepartment => said!(
            "{named}, {beds}: a broader ward stands in, as there is none of {specialty} alone; its patients of {others} are counted, too",
            named = specialty_of(&ward.department),
            beds,
            specialty = catalog.name_in_print(&ward.specialty),
            others = others.join(", ")
        ),
        WardKind::OwnDepartment if others.is_empty() => {
            format!("{}, {beds}", specialty_of(&ward.department))
        }
        WardKind::OwnDepartment => said!(
            "{named}, {beds}: its patients of {others} are counted, too",
            named = specialty_of(&ward.department),
            beds,
            others = others.join(", ")
        ),
    }
}

/// How many beds, by formula and by simulation, with what more and fewer beds give.
///
/// `from` is where the cases and stays come from, when that is a region.
pub fn beds(question: &BedQuestion, answer: &BedAnswer, from: Option<BedsFrom<'_>>) -> Document {
    let told = Words { question, network: from.map(|from| from.region.network()) };
    let title = "How many beds";
    let document = if let Some(from) = from {
        from.tell(open(title, from.region))
    } else {
        // A question whose wards are written out rests on no network: the version is all that is behind it.
        let version = concat!("verbund ", env!("CARGO_PKG_VERSION"));
        Document::new(title).about("version", version)
    };

    let mut document = document
        .about("target", said!("at most {target}", target = told.target()))
        .about("formula", told.formula())
        .about("simulation", told.simulation());
    if is_cut(answer) {
        let done = Cell::count(answer.replications()).display();
        let far = said!(
            "partial: stopped after {done} replications of all numbers of beds; the least beds by simulation are \
             not known",
            done
        );
        document = document.about("interrupted", far);
    }

    document = document.section(told.answer(answer, from));
    if let Some(pooling) = &answer.pooled {
        document = document.section(told.pooling(pooling)).section(told.pooled_wards(pooling));
    }
    document.section(told.curve(answer))
}

/// 2 for 0.02, without a tail of zeros.
fn of_100(share: f64) -> String {
    in_words(share * 100.0, 0)
}

fn per_100(share: Option<f64>) -> Cell {
    Cell::maybe_number(share.map(|share| share * 100.0), 2)
}

fn hours(days: Option<f64>) -> Cell {
    Cell::maybe_number(days.map(|days| days * 24.0), 1)
}

/// The mean of a share over replications.
fn mean_per_100(share: Option<Interval>) -> Cell {
    per_100(share.map(|share| share.mean))
}

/// An end of the interval of a share; `None` for a single replication, whose scatter nobody knows.
fn end_per_100(share: Option<Interval>, end: fn(&Interval) -> Option<f64>) -> Cell {
    let Some(end) = share.as_ref().and_then(end) else { return Cell::Missing };
    // The ends lie as far from the mean as the t-distribution says, which may be below nobody or above everybody.
    per_100(Some(end.clamp(0.0, 1.0)))
}

/// The columns of the share of patients who wait, or find no bed.
struct ShareColumns {
    formula: Column,
    simulated: Column,
    simulated_from: Column,
    simulated_to: Column,
    pooled: Column,
    /// How many they are a year.
    cases: Column,
}

/// The figures of one ward, or of all wards together.
#[derive(Clone, Copy)]
struct Curve<'a> {
    figures: &'a BedCurve,
    /// What the beds are called that it has.
    there: &'static str,
}

impl Curve<'_> {
    /// The beds that stand there today.
    fn beds_there_now(&self) -> Option<u32> {
        // Wards without stated beds are pooled with the least that each needs: a number for comparison, not beds.
        if self.there == THERE { self.figures.beds } else { None }
    }
}

/// What so many beds of a ward give.
struct CurveRow<'a> {
    curve: Curve<'a>,
    row: &'a BedRow,
    note: Cell,
}

impl CurveRow<'_> {
    /// A figure by formula; `None` where the queue would grow without end.
    fn by_formula(&self, figure: fn(&BedFormula) -> Option<f64>) -> Option<f64> {
        figure(self.row.formula.as_ref()?)
    }

    /// A figure by simulation, where there is one.
    fn by_simulation(&self, figure: fn(&BedSimulation) -> Option<Interval>) -> Option<Interval> {
        figure(self.row.simulated.as_ref()?)
    }

    /// The share of patients who are refused or wait, by formula.
    fn share(&self) -> Option<f64> {
        self.by_formula(|figures| Some(figures.share))
    }

    /// The same share by simulation.
    fn simulated_share(&self) -> Option<Interval> {
        self.by_simulation(|figures| Some(figures.share))
    }
}

/// What beds are called that a ward has.
const THERE: &str = "there now";

/// A question in words.
struct Words<'q> {
    question: &'q BedQuestion,
    /// The network of the wards, where they are some of a network.
    network: Option<&'q Network>,
}

impl Words<'_> {
    fn is_wait(&self) -> bool {
        self.question.target.is_wait()
    }

    /// Every ward, then all together, with what its beds are called.
    fn curves<'a>(&self, answer: &'a BedAnswer) -> Vec<Curve<'a>> {
        let mut curves = Vec::new();
        for figures in &answer.wards {
            curves.push(Curve { figures, there: THERE });
        }
        if let Some(pooling) = &answer.pooled {
            let has_beds = self.question.wards.iter().all(|ward| ward.beds.is_some());
            let there = if has_beds { THERE } else { "as many as apart" };
            curves.push(Curve { figures: &pooling.curve, there });
        }
        curves
    }

    fn target(&self) -> String {
        let count = of_100(self.question.target.share());
        // Two sentences, as languages put the verb in other places.
        if self.is_wait() {
            said!("{count} of 100 patients wait for a bed", count)
        } else {
            said!("{count} of 100 patients find no bed", count)
        }
    }

    fn formula(&self) -> &'static str {
        if self.is_wait() {
            "Erlang C: patients come at random, wait as long as it takes, exponential stays; mean waits of other \
             stays by Allen and Cunneen"
        } else {
            "Erlang B: patients come at random, a full ward sends them elsewhere, any stays"
        }
    }

    fn simulation(&self) -> String {
        let Some(trial) = &self.question.trial else { return said!("none") };
        let count = |value: u32| Cell::count(value).display();
        let warm_up = match trial.warm_up_days {
            Some(days) => said!("after {days} days from an empty ward", days = count(days)),
            None => said!("after the ward has forgotten that it was empty"),
        };
        let replications = if trial.replications == 1 {
            said!("1 replication")
        } else {
            said!("{count} replications", count = count(trial.replications))
        };
        said!(
            "{replications} of {days} days {warm_up}, seed {seed}; stays lognormal, coefficient of variation {stay_cv} (assumed, where \
             not measured)",
            replications,
            days = count(trial.days),
            warm_up,
            seed = trial.seed.0,
            stay_cv = with_mark(self.question.stay_cv.to_string())
        )
    }

    /// A ward: of a network its name is the hospital's key and the department, and people read their names.
    fn ward(&self, name: &str) -> Cell {
        let Some((hospital, department)) = name.split_once(' ') else { return Cell::text(name) };
        if self.network.is_none_or(|network| network.find(hospital).is_none()) {
            return Cell::text(name);
        }
        let label = format!("{}, {}", hospital_of(hospital), specialty_of(department));
        Cell::both(name, label)
    }

    fn answer(&self, answer: &BedAnswer, from: Option<BedsFrom<'_>>) -> Section {
        let table = Table::of(self.curves(answer))
            .column(WARD, |curve| self.ward(&curve.figures.name))
            .column(ARRIVALS_PER_DAY, |curve| Cell::number(curve.figures.arrivals, 2))
            .column(STAY_DAYS, |curve| Cell::number(curve.figures.stay, 2))
            .column(OFFERED_BEDS, |curve| Cell::number(curve.figures.offered, 1))
            .column(BEDS, |curve| Cell::maybe_count(curve.beds_there_now()))
            .column(LEAST_BEDS, |curve| Cell::count(curve.figures.least))
            .column(LEAST_BEDS_SIMULATED, |curve| Cell::maybe_count(curve.figures.least_simulated))
            .column(LEAST_BEDS_FROM, |curve| match curve.figures.open {
                Some((first, _)) => Cell::count(first),
                None => Cell::Missing,
            })
            .column(LEAST_BEDS_TO, |curve| match curve.figures.open {
                Some((_, last)) => Cell::count(last),
                None => Cell::Missing,
            })
            .build();

        let heading = said!("Beds so that at most {target}", target = self.target());
        let mut section = Section::new("answer", heading, table);
        // A sentence says the answer for one ward shorter than a table of one row.
        if let [only] = answer.wards.as_slice() {
            section = section.in_words(self.sentence(only, is_cut(answer)));
        } else if self.question.trial.is_some() {
            section = section.note("From, to: beds that the simulation's intervals leave open.");
        }

        if let Some(from) = from {
            let note = "All patients are taken to come at random and every bed to be staffed; planned admissions can \
                 be spread, which needs fewer beds.";
            section = section
                .maybe_note(from.on_intensive_care())
                .note(note)
                .maybe_note(caveats::on_beds(from.region.network()));
        }
        section
    }

    /// The answer for one ward.
    fn sentence(&self, curve: &BedCurve, is_cut: bool) -> String {
        let mut text = said!(
            "{arrivals} patients a day for {stay} days would take {offered} beds on average if there were always one.",
            arrivals = Cell::number(curve.arrivals, 2).display(),
            stay = Cell::number(curve.stay, 2).display(),
            offered = Cell::number(curve.offered, 1).display()
        );
        text.push_str(&said!(
            " So that at most {target}, the ward needs {least} beds by formula",
            target = self.target(),
            least = curve.least
        ));
        // A range of one number says no more than the least itself, and a single replication gives no range.
        match (curve.least_simulated, curve.open) {
            (Some(least), Some((first, last))) if first < last => text.push_str(&said!(
                " and {least} by simulation, whose intervals leave {first} to {last} open.",
                least,
                first,
                last
            )),
            (Some(least), _) => text.push_str(&said!(" and {least} by simulation.", least)),
            (None, _) if is_cut => {
                text.push_str(&said!("; the simulation was stopped before it found a number."));
            }
            (None, _) if self.question.trial.is_some() => {
                text.push_str(&said!("; the simulation finds no number near it."));
            }
            (None, _) => text.push('.'),
        }

        let Some(row) = curve.beds.and_then(|beds| curve.row(beds)) else { return text };
        match &row.formula {
            Some(formula) => text.push_str(&self.with_beds(row, formula)),
            None => text.push_str(&said!(
                " With its {beds} beds, the queue would grow without end.",
                beds = row.beds
            )),
        }
        text
    }

    /// What the beds that are there give.
    fn with_beds(&self, row: &BedRow, formula: &BedFormula) -> String {
        let (beds, share) = (row.beds, Cell::number(formula.share * 100.0, 2).display());
        let (simulated, occupancy) = (simulated(row), Cell::share(formula.occupancy).display());
        if self.is_wait() {
            return said!(
                " With its {beds} beds, {share} of 100 wait for a bed{simulated}; {occupancy} of the beds are taken.",
                beds,
                share,
                simulated,
                occupancy
            );
        }
        said!(
            " With its {beds} beds, {share} of 100 find no bed{simulated}; {occupancy} of the beds are taken.",
            beds,
            share,
            simulated,
            occupancy
        )
    }

    /// The columns of the share of patients who wait, or find no bed.
    fn share_columns(&self) -> ShareColumns {
        if self.is_wait() {
            ShareColumns {
                formula: WAITING_PER_100,
                simulated: SIMULATED_WAITING_PER_100,
                simulated_from: SIMULATED_WAITING_FROM_PER_100,
                simulated_to: SIMULATED_WAITING_TO_PER_100,
                pooled: POOLED_WAITING_PER_100,
                cases: WAITING_CASES,
            }
        } else {
            ShareColumns {
                formula: REFUSED_PER_100,
                simulated: SIMULATED_REFUSED_PER_100,
                simulated_from: SIMULATED_REFUSED_FROM_PER_100,
                simulated_to: SIMULATED_REFUSED_TO_PER_100,
                pooled: POOLED_REFUSED_PER_100,
                cases: REFUSED_CASES,
            }
        }
    }

    fn curve(&self, answer: &BedAnswer) -> Section {
        let mut section =
            Section::new("beds", "What more and fewer beds give", self.curve_table(answer));
        if self.question.trial.is_some() {
            let note = "Simulated: mean over the replications; from, to: its 95 % interval. Every number of beds \
                        sees the same patients with the same stays.";
            section = section.note(note);
        }
        // Erlang B holds for stays of any distribution, so refusals need no such warning.
        if self.is_wait() {
            section = section.note(
                "By formula, stays are exponential. By variation is an approximation that is good under heavy load; \
                 with many beds that are rarely full it is too long.",
            );
        }
        section
    }

    /// A row a ward and number of beds, each with what is to be said of it.
    fn curve_rows<'a>(&self, answer: &'a BedAnswer) -> Vec<CurveRow<'a>> {
        let mut rows = Vec::new();
        for curve in self.curves(answer) {
            for row in &curve.figures.rows {
                let note = self.remark(curve, row, is_cut(answer));
                rows.push(CurveRow { curve, row, note });
            }
        }
        rows
    }

    fn curve_table(&self, answer: &BedAnswer) -> Table {
        let columns = self.share_columns();
        let mut table = Table::of(self.curve_rows(answer))
            .column(WARD, |row| self.ward(&row.curve.figures.name))
            .column(BEDS, |row| Cell::count(row.row.beds))
            .column(columns.formula, |row| per_100(row.share()))
            .column(columns.simulated, |row| mean_per_100(row.simulated_share()))
            .column(columns.simulated_from, |row| end_per_100(row.simulated_share(), Interval::low))
            .column(columns.simulated_to, |row| end_per_100(row.simulated_share(), Interval::high))
            .column(columns.cases, |row| {
                let cases = row.share().map(|share| share * row.curve.figures.arrivals * 365.0);
                Cell::maybe_number(cases, 0)
            });

        if self.is_wait() {
            table = with_waits(table);
        }
        let table = table
            .column(OCCUPANCY_SHARE, |row| {
                Cell::maybe_share(row.by_formula(|figures| Some(figures.occupancy)))
            })
            .column(SIMULATED_OCCUPANCY_SHARE, |row| {
                let occupancy = row.by_simulation(|figures| Some(figures.occupancy));
                Cell::maybe_share(occupancy.map(|occupancy| occupancy.mean))
            })
            .column(NOTE, |row| row.note.clone())
            .build();

        let is_simulated = self.question.trial.is_some();
        let by_simulation = [
            columns.simulated,
            columns.simulated_from,
            columns.simulated_to,
            SIMULATED_WAIT_HOURS,
            SIMULATED_OCCUPANCY_SHARE,
        ];
        // Programs get every column; on a screen the three of waits take the room of these two.
        table
            .hide_if(answer.wards.len() == 1, &[WARD])
            .hide_if(self.is_wait(), &[WAITING_CASES, SIMULATED_OCCUPANCY_SHARE])
            .hide_if(!is_simulated, &by_simulation)
    }

    /// What is to be said of so many beds.
    fn remark(&self, curve: Curve<'_>, row: &BedRow, is_cut: bool) -> Cell {
        let (figures, beds) = (curve.figures, row.beds);
        let mut notes = Vec::new();
        match (beds == figures.least, figures.least_simulated == Some(beds)) {
            (true, true) => notes.push("least"),
            (true, false) => notes.push("least by formula"),
            (false, true) => notes.push("least by simulation"),
            (false, false) => {}
        }
        if figures.beds == Some(beds) {
            notes.push(curve.there);
        }
        if row.formula.is_none() {
            notes.push("grows without end");
        }

        let asked = self.question.trial.map_or(0, |trial| trial.replications as usize);
        let done = row.simulated.as_ref().map_or(0, |figures| figures.replications);
        // An interrupted run has whole rows and partial ones, and their intervals do not compare.
        let is_partial = is_cut && done < asked;
        if notes.is_empty() && !is_partial {
            return Cell::Missing;
        }
        Cell::said(|| {
            let mut told = Vec::new();
            for note in &notes {
                told.push(words::of(note).into_owned());
            }
            if is_partial {
                told.push(said!("{done} of {asked} replications", done, asked));
            }
            told.join(", ")
        })
    }

    fn pooling(&self, pooling: &BedPooling) -> Section {
        let columns = self.share_columns();
        let apart = PoolingRow {
            what: "each ward its own beds",
            share: pooling.apart,
            simulated: pooling.apart_simulated,
        };
        let together = PoolingRow {
            what: "the same beds for all",
            share: pooling.together,
            simulated: pooling.together_simulated,
        };
        let table = Table::of([apart, together])
            .column(WHAT, |row| Cell::word(row.what))
            .column(BEDS, |_| Cell::count(pooling.beds))
            .column(columns.formula, |row| per_100(row.share))
            .column(columns.simulated, |row| mean_per_100(row.simulated))
            .column(columns.simulated_from, |row| end_per_100(row.simulated, Interval::low))
            .column(columns.simulated_to, |row| end_per_100(row.simulated, Interval::high))
            .build();

        let (apart, together) = (pooling.least_apart, pooling.curve.least);
        let mut note = said!(
            "So that at most {target}, the wards need {apart} beds apart and {together} together: {saved}.",
            target = self.target(),
            apart,
            together,
            saved = saved(apart, together)
        );

        // Where apart nobody is refused or a queue grows without end, "as well" would mean nothing.
        if let Some(same) = pooling.beds_for_same {
            note.push_str(&said!(" To do as well as they do apart with {beds}, {same} shared beds are enough: {saved}.", beds = pooling.beds, same, saved = saved(pooling.beds, same)));
        }
        Section::new("pooling", "What shared beds give", table).note(note)
    }

    fn pooled_wards(&self, pooling: &BedPooling) -> Section {
        let columns = self.share_columns();
        // No column by formula for shared beds: it gives every ward the same share, which the table above has.
        let table = Table::of(&pooling.by_ward)
            .column(WARD, |ward| self.ward(&ward.name))
            .column(BEDS, |ward| Cell::count(ward.beds))
            .column(columns.formula, |ward| per_100(ward.apart))
            .column(columns.simulated, |ward| mean_per_100(ward.apart_simulated))
            .column(columns.pooled, |ward| mean_per_100(ward.together_simulated))
            .build();
        Section::new("pooled_wards", "Whose patients gain when beds are shared", table).note(
            "With shared beds all patients have the same chance to find one, so those of a ward that had many beds \
             can lose.",
        )
    }
}

/// What shared beds give, or beds of its own to each ward.
struct PoolingRow {
    what: &'static str,
    /// By formula; `None` where a queue would grow without end.
    share: Option<f64>,
    simulated: Option<Interval>,
}

/// The table with the columns of how long patients wait.
fn with_waits(table: TableBuilder<CurveRow<'_>>) -> TableBuilder<CurveRow<'_>> {
    table
        .column(MEAN_WAIT_HOURS, |row| hours(row.by_formula(|figures| figures.mean_wait)))
        .column(APPROXIMATE_WAIT_HOURS, |row| {
            hours(row.by_formula(|figures| figures.approximate_wait))
        })
        .column(SIMULATED_WAIT_HOURS, |row| {
            let wait = row.by_simulation(|figures| figures.mean_wait);
            hours(wait.map(|wait| wait.mean))
        })
}

/// What the simulation says of the same share.
fn simulated(row: &BedRow) -> String {
    let Some(figures) = &row.simulated else { return String::new() };
    let share = figures.share;
    let text = |share: f64| Cell::number(share * 100.0, 2).display();
    match (share.low(), share.high()) {
        (Some(low), Some(high)) => {
            said!(
                " (simulated {low} to {high})",
                low = text(low.max(0.0)),
                high = text(high.min(1.0))
            )
        }
        _ => said!(" (simulated {share})", share = text(share.mean)),
    }
}

fn saved(before: u32, after: u32) -> String {
    match i64::from(before) - i64::from(after) {
        0 => said!("no bed saved"),
        1 => said!("1 bed saved"),
        saved if saved > 0 => said!("{saved} beds saved", saved),
        -1 => said!("1 bed more"),
        more => said!("{more} beds more", more = -more),
    }
}

/// Whether the simulation was stopped before it was done.
fn is_cut(answer: &BedAnswer) -> bool {
    answer.ended == Ended::Interrupted
}
