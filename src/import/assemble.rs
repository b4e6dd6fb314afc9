//! A network of districts from official files.

use std::collections::{BTreeMap, BTreeSet};

use super::assembly::Assembly;
use super::build::{Reports, build, derive_facilities, note_unknown};
use super::built::{Built, DERIVATIONS};
use super::directory::{Directory, remark_doubles};
use super::directory_site::DirectorySite;
use super::districts::{district_of, merged_into};
use super::faults::{ImportRemark, RemarkKind, expecting, general_fault, unless_faulty};
use super::files::ImportFiles;
use super::groups::{alliances, ownership_edges};
use super::joined_reports::{JoinedReport, JoinedReports};
use super::keys::keys_of;
use super::places::AGES_BY_DISTRICT;
use super::reports::add_reports;
use super::settings::{Districts, ImportPart, ImportSettings, ImportedSite};
use super::sites::TakenSite;
use super::sources::{directory_key, reports_key, reports_source};
use crate::calendar::Date;
use crate::files::Folder;
use crate::model::{
    Adjustments, Hospital, Model, Network, NetworkBuilder, Omission, PartRule, Places,
    TravelSettings,
};
use crate::problem::{Problem, ProblemKind, Problems, closest};

/// A network made from official files.
#[derive(Debug, Clone)]
pub struct Import {
    /// The part of a network that it is.
    pub part: ImportPart,
    /// Keys of its districts, in their order.
    pub districts: Vec<String>,
    /// The network with its places.
    pub model: Model,
    /// Its hospitals with their rows in the directory, by key.
    pub sites: Vec<ImportedSite>,
    /// Remarks for those who use the network, by kind and topic.
    pub remarks: Vec<ImportRemark>,
}

/// Hospitals that were made, with where each one stands in the directory.
#[derive(Default)]
struct Hospitals {
    hospitals: Vec<Hospital>,
    sites: Vec<ImportedSite>,
}

impl ImportFiles {
    /// The network of districts: their hospitals, those of neighbours, and the people of their municipalities.
    ///
    /// # Errors
    ///
    /// Every fault: a district that no file has, with the one that it was merged into or the closest; files that
    /// are needed and were not read; and those of the checks of a network, which would be faults of this crate.
    pub fn assemble(&self, settings: &ImportSettings) -> Result<Import, Problems> {
        let missing = self.missing_files(settings.part);
        if !missing.is_empty() {
            return Err(missing);
        }

        let mut assembly = Assembly {
            files: self,
            settings,
            districts: chosen_districts(settings, self)?,
            // The catalog of an imported network is that of the region that comes with the crate.
            catalog: Folder::leipzig().read()?.network.catalog().clone(),
            travel: TravelSettings::default(),
            parts: PartRule::default(),
            remarks: self.remarks.clone(),
            sources: BTreeMap::new(),
        };
        let places = match &self.municipalities {
            Some(municipalities) => assembly.places(municipalities),
            None => Places::default(),
        };
        let hospitals = match &self.directory {
            Some(directory) if settings.part != ImportPart::People => {
                let taken = assembly.sites(directory, &places);
                assembly.hospitals(directory, &taken)
            }
            _ => Hospitals::default(),
        };
        assembly.finish(places, hospitals)
    }

    /// Files without which a part of a network cannot be made.
    fn missing_files(&self, part: ImportPart) -> Problems {
        let mut problems = Problems::default();
        let mut report = |missing: &str| {
            let message = format!("there is no {missing} among the files");
            problems.push(general_fault(ProblemKind::Missing, message));
        };
        if part != ImportPart::People && self.directory.is_none() {
            report("directory of hospitals (Krankenhausverzeichnis)");
        }
        if part != ImportPart::Hospitals && self.municipalities.is_none() {
            report("table of municipalities with their people");
        }
        problems
    }

    /// The districts in which a municipality lies, or without a table of them a hospital; with the file that says so.
    fn known_districts(&self) -> (BTreeSet<String>, Option<&str>) {
        let mut districts = BTreeSet::new();
        if let Some(municipalities) = &self.municipalities {
            for municipality in &municipalities.list {
                districts.insert(municipality.district.clone());
            }
            return (districts, Some(&municipalities.file));
        }

        let Some(directory) = &self.directory else { return (districts, None) };
        for site in &directory.sites {
            districts.extend(district_of(&site.municipality));
        }
        (districts, Some(&directory.file))
    }
}

/// The districts that are wanted; a fault for each that the files do not know.
fn chosen_districts(
    settings: &ImportSettings,
    files: &ImportFiles,
) -> Result<BTreeSet<String>, Problems> {
    let (known, file) = files.known_districts();
    let wanted = match &settings.districts {
        Districts::All => return Ok(known),
        Districts::Some(wanted) => wanted,
    };

    let mut problems = Problems::default();
    for key in wanted {
        if !known.contains(key) {
            // All at once: a list of districts that was copied from an older year has many of them.
            let problem = unknown_district(key, &known);
            problems.push(Problem { file: file.map(str::to_owned), ..problem });
        }
    }
    if wanted.is_empty() {
        problems.push(general_fault(ProblemKind::Missing, "no district is named"));
    }
    unless_faulty(wanted.iter().cloned().collect(), problems)
}

/// The fault of a district that is not there: it may be one of an older year.
fn unknown_district(key: &str, known: &BTreeSet<String>) -> Problem {
    let (message, closest) = if let Some(new) = merged_into(key) {
        (format!("district {key} was merged into {} on {}", new.district, new.since), None)
    } else {
        let keys = known.iter().map(String::as_str);
        (format!("there is no district {key}"), closest(key, keys))
    };
    let problem = Problem { closest, ..general_fault(ProblemKind::Unknown, message) };
    expecting(problem, "the key of a district, five digits, such as 14713")
}

impl<'f> Assembly<'f> {
    /// The name of a district; its key where no file has a name.
    pub(super) fn district_name(&self, key: &str) -> String {
        let ages = self.files.ages.as_ref();
        match ages.and_then(|ages| ages.districts.get(key)) {
            Some(district) if !district.name.is_empty() => district.name.clone(),
            _ => key.to_owned(),
        }
    }

    pub(super) fn remark(
        &mut self,
        kind: RemarkKind,
        topic: &'static str,
        message: impl Into<String>,
    ) {
        self.remarks.push(ImportRemark::new(kind, topic, message));
    }

    /// The hospitals of sites, with what quality reports and rules add to them.
    fn hospitals(&mut self, directory: &'f Directory, taken: &[TakenSite<'f>]) -> Hospitals {
        let mut made = Hospitals::default();
        if taken.is_empty() {
            return made;
        }
        let sites: Vec<&DirectorySite> = taken.iter().map(|taken| taken.site).collect();
        let keys = keys_of(&sites, &self.settings.earlier);
        remark_doubles(&directory.file, &sites, &mut self.remarks);

        // A report finds its row among all of the directory: those that are not taken have reports, too.
        let joined = JoinedReports::new(directory, &self.files.known_sites, &self.files.reports);
        joined.remark(&mut self.remarks);
        for (taken, key) in taken.iter().zip(keys) {
            let reports = joined.of_row(taken.site.row);
            let mut built = self.hospital(directory, taken, &key, reports);
            let whose = match reports {
                [_, ..] => Reports::OfTheSite,
                [] if joined.is_empty() => Reports::None,
                [] => Reports::OfOthers,
            };
            note_unknown(&mut built, whose);
            self.remarks.append(&mut built.remarks);
            made.hospitals.push(built.hospital);
            made.sites.push(taken.imported_as(key));
        }
        made
    }

    fn hospital(
        &mut self,
        directory: &Directory,
        taken: &TakenSite<'_>,
        key: &str,
        reports: &[JoinedReport<'_>],
    ) -> Built {
        for JoinedReport { report, .. } in reports {
            let source = self.sources.entry(reports_key(report.year));
            source.or_insert_with(|| reports_source(report.year));
        }
        let mut built = build(directory, taken.site, key, taken.position.position);
        self.complete(&mut built, taken, directory);
        add_reports(&mut built, directory, reports);
        // Behind the reports: what they name needs no rule.
        derive_facilities(&mut built, taken.site);
        built
    }

    /// Adds values of a hospital that do not come from its row: district, position, whether it is a neighbour.
    fn complete(&self, built: &mut Built, taken: &TakenSite<'_>, directory: &Directory) {
        let from = taken.position.from;
        let hospital = &mut built.hospital;
        hospital.district = Some(self.district_name(&taken.district));
        hospital.outside = taken.is_outside;
        hospital.facts.extend(taken.number.clone());
        hospital.sources.push(taken.position.source.to_owned());
        if from.is_assumed() {
            hospital.assumed.push("position".to_owned());
            let message = format!("its position is {}", from.in_words());
            let remark = ImportRemark::new(RemarkKind::Assumed, "position", message);
            let remark = remark.of(&hospital.key).at(&directory.file, taken.site.row);
            built.remarks.push(remark);
        }
    }

    /// The import with its network, checked as a whole where it is one.
    fn finish(mut self, places: Places, hospitals: Hospitals) -> Result<Import, Problems> {
        let Hospitals { hospitals, mut sites } = hospitals;
        let network = self.network(hospitals)?;
        let model = Model {
            network,
            places,
            parts: self.parts,
            travel: self.travel,
            travel_times: None,
            adjustments: Adjustments::default(),
        };
        // Hospitals without people, or people without hospitals, are no network yet that could be checked.
        if self.settings.part == ImportPart::All {
            model.check()?;
        }

        // In one order, so that two imports can be compared line by line.
        let mut remarks = self.remarks;
        remarks.sort();
        sites.sort();
        let districts = self.districts.into_iter().collect();
        Ok(Import { part: self.settings.part, districts, model, sites, remarks })
    }

    /// The network of hospitals, with the edges of their operators, sources and what was left out.
    fn network(&mut self, hospitals: Vec<Hospital>) -> Result<Network, Problems> {
        let source = self.files.directory.as_ref().map(directory_key).unwrap_or_default();
        let cooperations = ownership_edges(&hospitals, &source);
        let alliances = alliances(&cooperations, &hospitals, &source);

        let catalog = std::mem::take(&mut self.catalog);
        let mut builder = NetworkBuilder::new(self.name(), self.day(), catalog);
        for (key, source) in std::mem::take(&mut self.sources) {
            builder = builder.source(key, source);
        }
        // The count of all; remarks on single sites stay in the table of remarks.
        for remark in &self.remarks {
            if remark.topic == "without_beds" {
                let sources = vec![source.clone()];
                let why = "the directory does not say what they offer".to_owned();
                let what = remark.message.clone();
                builder = builder.omission(Omission { what, why, sources });
            }
        }

        builder = note_derivations(builder, &hospitals);
        // Official files have neither travel times nor where in a municipality people live.
        for path in ["travel", "parts"] {
            builder = builder.assumed(path);
        }
        if self.files.ages.is_some() {
            builder = builder.derivation(AGES_BY_DISTRICT.key, AGES_BY_DISTRICT.rule);
            builder = builder.derived("places.ages", AGES_BY_DISTRICT.key);
        } else {
            builder = builder.assumed("places.ages");
        }

        for hospital in hospitals {
            builder = builder.hospital(hospital);
        }
        for cooperation in cooperations {
            builder = builder.cooperation(cooperation);
        }
        for alliance in alliances {
            builder = builder.alliance(alliance);
        }
        builder.build()
    }

    /// The day that the network describes: as the settings say, else the last one of the year of the directory, or
    /// of the counts of people.
    fn day(&self) -> Date {
        /// The year of the census, for tables of people without a year.
        const CENSUS: i16 = 2022;
        if let Some(day) = self.settings.as_of {
            return day;
        }
        let year_of_people = || self.files.municipalities.as_ref()?.year;
        let year_of_directory = self.files.directory.as_ref().map(|directory| directory.year);
        let year = year_of_directory.or_else(year_of_people).unwrap_or(CENSUS);
        let last_day = format!("{year:04}-12-31").parse();
        last_day.unwrap_or_else(|_| Date::of_year(CENSUS).expect("the year of the census exists"))
    }

    /// The name of the network.
    fn name(&self) -> String {
        const NAMED: usize = 4;
        if let Some(name) = &self.settings.name {
            return name.clone();
        }
        if self.settings.districts == Districts::All {
            return "All districts".to_owned();
        }

        let mut names = Vec::new();
        for district in self.districts.iter().take(NAMED) {
            names.push(self.district_name(district));
        }
        let names = names.join(" / ");
        let more = self.districts.len().saturating_sub(NAMED);
        if more > 0 { format!("{names} and {more} more districts") } else { names }
    }
}

/// Adds the rules that gave something of a hospital.
fn note_derivations(mut builder: NetworkBuilder, hospitals: &[Hospital]) -> NetworkBuilder {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for hospital in hospitals {
        used.extend(hospital.derived.values().map(String::as_str));
    }
    for rule in DERIVATIONS {
        if used.contains(rule.key) {
            builder = builder.derivation(rule.key, rule.rule);
        }
    }
    builder
}
