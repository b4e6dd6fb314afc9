//! What the flags say, checked: every fault of them is told at once.

use serde_json::Value;
use verbund::Region;
use verbund::disk::is_same_file;
use verbund::model::Network;
use verbund::queueing::FileFormat;
use verbund::random::Seed;
use verbund::report::SimulationBy;
use verbund::simulation::{Census, ChosenSettings, Figure, Precision, RunPlan};

use super::super::after;
use super::super::faults::Faults;
use super::super::faults::fault;
use super::super::{Common, input, output, plot};
use super::written::is_parquet;
use super::{Arguments, MOST};

impl Arguments {
    /// What the flags say without the network; every fault of them is told at once.
    pub(super) fn asked(&self, common: &Common, faults: &mut Faults) -> RunPlan {
        self.check_files(common, faults);
        let mut whole = |flag: &str, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                faults.add(&fault!(
                    "{flag} {value}: {least} to {most} are possible",
                    flag,
                    value,
                    least,
                    most
                ));
            }
            // The fault is noted; what depends on the value is looked at with one that is possible.
            value.clamp(least, most)
        };
        // The fault of a day is told here, with what is possible; the value is taken over with the settings.
        whole("--days", self.days.unwrap_or(365), 1, 36_500);
        whole("--warm-up", self.warm_up.unwrap_or(28), 0, 36_500);
        // Where a width says when to stop, the number is only a bound.
        let default = if self.until_half_width.is_some() { MOST } else { 20 };
        let replications = self.replications.unwrap_or(default);
        let replications = whole("--replications", replications, 1, 1_000_000) as u64;
        if let Some(staffed) = self.staffed.filter(|staffed| !is_staffed(*staffed)) {
            faults.add(&fault!(
                "--staffed {staffed}: above 10 and at most 100 per cent are possible",
                staffed
            ));
        }
        if let Some(percent) = self.outliers.filter(|percent| !(0.0..=100.0).contains(percent)) {
            faults.add(&fault!("--outliers {percent}: 0 to 100 per cent are possible", percent));
        }
        self.check_rows(faults);
        RunPlan { seed: Seed(self.seed), replications, until: self.until(faults) }
    }

    /// What is assumed: these flags before files, and files before defaults. Flags out of their range are told before.
    pub(super) fn chosen(
        &self,
        common: &Common,
        network: &Network,
        faults: &mut Faults,
    ) -> ChosenSettings {
        let mut chosen = self.assumed.read(common, network, &self.after.scenario, faults);
        let mut put = |flag: &str, key: &str, value: Option<Value>| {
            if let Some(value) = value {
                // A value that is not possible is told with its flag already.
                let _ = chosen.set(flag, key, value);
            }
        };
        put("--days", "days", self.days.map(Value::from));
        put("--warm-up", "warm_up_days", self.warm_up.map(Value::from));
        let staffed = self.staffed.filter(|staffed| is_staffed(*staffed));
        put("--staffed", "staffed_share", staffed.map(|staffed| Value::from(staffed / 100.0)));
        put(
            "--outliers",
            "outliers.most_share",
            self.outliers.map(|outliers| Value::from(outliers / 100.0)),
        );
        let choice = self.choice.and_then(|choice| serde_json::to_value(choice.usual()).ok());
        put("--choice", "choice", choice);
        chosen
    }

    /// Starts with the census, where there is one.
    pub(super) fn count_in(
        &self,
        region: &Region,
        chosen: &mut ChosenSettings,
        faults: &mut Faults,
    ) {
        let Some(path) = &self.census else { return };
        faults.note(output::refuse_input(path));
        if self.warm_up.is_some_and(|days| days > 0) {
            faults.add(&fault!("--census: of the first day that counts; without --warm-up"));
        }
        match Census::open(path, region, chosen.settings()) {
            Ok(census) => chosen.start_from(census),
            Err(error) => faults.add(&fault!("--census: {error}", error)),
        }
    }

    /// Files that cannot be written.
    fn check_files(&self, common: &Common, faults: &mut Faults) {
        faults.note(output::check(common));
        plot::check(common, self.plot(), ("--trace", self.trace()), faults);
        // Runs beside each other are one picture.
        if self.after.on.is_some() {
            plot::check_single(&self.after, self.plot(), faults);
        }
        self.check_model_file(common, faults);
        let Some(path) = &self.trace else { return };
        faults.note(output::check_file("--trace", path));
        if is_parquet(path) && !cfg!(feature = "parquet") {
            faults.add(&fault!("--trace {path}: built without the feature parquet; a name that does not end in .parquet gives CSV", path = path.display()));
        }
        faults.note(output::check_other(common, "--trace", path));
        // Runs beside each other have one trace.
        if self.after.on.is_some() {
            after::refuse_to_keep(&self.after, "--trace", path, faults);
        }
    }

    /// A file of the model that cannot be written.
    fn check_model_file(&self, common: &Common, faults: &mut Faults) {
        const FLAG: &str = "--export-model";
        let Some(path) = &self.export_model else { return };
        faults.note(output::check_file(FLAG, path));
        if FileFormat::of(path) != Some(FileFormat::Json) {
            let name = path.display();
            faults.add(&fault!(
                "{flag} {name}: the model is written as JSON; a name that ends in .json is needed",
                flag = FLAG,
                name
            ));
        }
        faults.note(output::check_other(common, FLAG, path));
        if self.trace.as_ref().is_some_and(|trace| is_same_file(trace, path)) {
            faults.add(&fault!(
                "{flag} {path}: the file of --trace, too",
                flag = FLAG,
                path = path.display()
            ));
        }
        // Networks of several days have a model each.
        if self.after.on.is_some() {
            after::refuse_to_keep(&self.after, FLAG, path, faults);
        }
    }

    /// Flags that change nothing in the table that is shown.
    fn check_rows(&self, faults: &mut Faults) {
        use SimulationBy::{Condition, Day, Hospital, Hour, Place, Ward};
        if self.hospital.is_some() && ![Hospital, Ward, Hour, Day].contains(&self.by) {
            faults.add(&fault!("--hospital needs --by hospital, ward, hour or day"));
        }
        if self.pathway.is_some() && ![Condition, Place].contains(&self.by) {
            faults.add(&fault!("--pathway needs --by pathway or place"));
        }
        if self.band.is_some() && self.by != SimulationBy::Region {
            faults.add(&fault!("--band needs --by region"));
        }
        if self.all && !self.has_more() {
            faults.add(&fault!("--all changes nothing in the table that is shown"));
        }
    }

    /// Whether the table that is shown leaves rows out, which `--all` shows.
    fn has_more(&self) -> bool {
        use SimulationBy::{
            Assumed, Condition, Cooperation, Day, Hospital, Hour, Place, Region, Ward,
        };
        match self.by {
            Hospital | Ward => self.hospital.is_none() || self.has_beside(),
            Place => true,
            Region | Cooperation | Condition => self.has_beside(),
            Hour | Day | Assumed => false,
        }
    }

    /// Whether nothing has to run: what is assumed is known before.
    pub(super) fn only_lists(&self) -> bool {
        let is_written = self.trace.is_some() || self.export_model.is_some();
        // The picture of stays needs no run.
        let draws_days = self.plot.is_some() && !self.assumed.has_stays();
        self.by == SimulationBy::Assumed && !is_written && !draws_days
    }

    /// Whether scenarios run beside the network as it is.
    fn has_beside(&self) -> bool {
        !self.after.scenario.is_empty() && self.after.on.is_none()
    }

    /// The figure that scenarios are ranked by, where one is named for that.
    pub(super) fn rank_by(&self) -> Option<Figure> {
        let figure = input::figure(self.figure.as_ref()?).ok()?;
        figure.is_burden().then_some(figure)
    }

    /// Faults of a figure that no width is asked of.
    fn check_rank(&self, faults: &mut Faults) {
        let Some(name) = &self.figure else { return };
        if !self.has_beside() || self.by != SimulationBy::Region {
            faults
                .add(&fault!("--figure needs --until-half-width, or --scenario with --by region"));
            return;
        }
        let Some(figure) = faults.note(input::figure(name)) else { return };
        if !figure.is_burden() {
            let key = figure.key();
            faults.add(&fault!("--figure {key}: fewer of it is not better, so scenarios are not ranked by it; without --until-half-width take another one", key));
        }
    }

    fn until(&self, faults: &mut Faults) -> Option<Precision> {
        let Some(width) = self.until_half_width else {
            self.check_rank(faults);
            return None;
        };
        if !(width.is_finite() && width > 0.0) {
            faults.add(&fault!("--until-half-width {width}: a number above 0 is needed", width));
        }
        let figure = match &self.figure {
            None => Figure::Occupancy,
            Some(key) => faults.note(input::figure(key))?,
        };
        let half_width = if figure.is_share() { width / 100.0 } else { width };
        Some(Precision { figure, half_width })
    }
}

/// Whether so many per cent of the beds can be staffed.
fn is_staffed(percent: f64) -> bool {
    percent > 10.0 && percent <= 100.0
}
