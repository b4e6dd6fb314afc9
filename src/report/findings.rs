//! One sentence of finding a question: what a report and a page begin with.

use super::band;
use super::columns::{Column, TREATMENT_LIMIT, TREATMENT_SHARE_WITHIN_LIMIT};
use super::document::{Cell, Remark, Section, cooperation_of, data_field_of};
use super::info::known_values;
use super::names::Names;
use super::pathway::{main_targets, summary};
use crate::coverage::Coverage;
use crate::model::{Answer, Network};
use crate::overview::Overview;
use crate::problem::shortened;
use crate::rules::{Assessment, GroupStanding, HospitalStage, StageComparison};
use crate::words;

/// Letters of a thing that is called by several names, such as a cooperation by its ends.
const MOST_OF_A_THING: usize = 120;

/// Letters of a name in a sentence: one of a kilobyte would push all else off the screen.
const MOST_LETTERS: usize = 80;

/// What a region is asked at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Question {
    /// Who reaches care in time.
    Coverage,
    /// How long until treatment.
    Pathways,
    /// What depends on one hospital.
    Failures,
    /// How full the beds are.
    Beds,
    /// What the law says of the hospitals.
    Law,
    /// What cooperations change.
    Cooperations,
    /// Which framework agreements there are.
    Agreements,
    /// Which alliances there are.
    Alliances,
    /// How much of all that nobody published.
    Assumed,
}

/// What there is to say on a question, in one sentence or two.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The question.
    pub question: Question,
    /// The sentence, in the language in force, with things by their names; the words before its first colon name the
    /// question.
    pub sentence: String,
}

/// One finding a question, in the order of [`Question`]; none about agreements and alliances where there are none.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::overview::Overview;
/// use verbund::report::findings;
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let findings = findings(&Overview::of(&model, &region)?);
/// let coverage = &findings[0].sentence;
/// assert!(coverage.starts_with("Who reaches care: everybody is within the limit of 1 of 10 standards;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn findings(overview: &Overview) -> Vec<Finding> {
    let mut findings = with_marks(overview);
    let names = Names::of(overview.week.network());
    for finding in &mut findings {
        let marked = Remark::from(std::mem::take(&mut finding.sentence));
        let told =
            marked.named(|kind, key| Some(shortened(&names.name(kind, key)?, MOST_OF_A_THING)));
        finding.sentence = told.to_string();
    }
    findings
}

/// The same with keys that are marked as such: a document has names for people and keys for programs.
pub(super) fn with_marks(overview: &Overview) -> Vec<Finding> {
    let said = [
        (Question::Coverage, Some(coverage(&overview.coverage))),
        (Question::Pathways, Some(pathways(overview))),
        (Question::Failures, Some(failures(overview))),
        (Question::Beds, Some(beds(overview))),
        (Question::Law, Some(law(overview))),
        (Question::Cooperations, Some(cooperations(overview))),
        (Question::Agreements, agreements(overview)),
        (Question::Alliances, alliances(overview)),
        (Question::Assumed, Some(assumed(overview))),
    ];
    let mut findings = Vec::with_capacity(said.len());
    for (question, sentence) in said {
        findings.extend(sentence.map(|sentence| Finding { question, sentence }));
    }
    findings
}

/// A name that fits into a sentence.
pub(super) fn short_name(name: &str) -> String {
    shortened(name, MOST_LETTERS)
}

/// What a standard is called in the language in force.
pub(super) fn standard_name(network: &Network, key: &str) -> String {
    match network.catalog().standard(key) {
        Some(standard) => short_name(words::name_of(&standard.name, &standard.name_de)),
        None => key.to_owned(),
    }
}

/// What a care pathway is called in the language in force.
pub(super) fn pathway_name(network: &Network, key: &str) -> String {
    let pathways = &network.catalog().pathways;
    match pathways.iter().find(|pathway| pathway.key == key) {
        Some(pathway) => short_name(words::name_of(&pathway.name, &pathway.name_de)),
        None => key.to_owned(),
    }
}

/// People beyond the limit of a standard; `None` where nobody offers it, which says nothing of people.
pub(super) fn beyond(result: &Coverage) -> Option<u64> {
    result.is_offered().then(|| result.total.people - result.total.within_limit)
}

fn coverage(results: &[Coverage]) -> String {
    if results.is_empty() {
        return said!("Who reaches care: the catalog has no standard.");
    }
    let count = |answer| results.iter().filter(|result| result.answer() == answer).count();
    let told = said!(
        "Who reaches care: everybody is within the limit of {met} of {all} standards; {fails} fail, {unknown} are unknown.",
        met = count(Answer::Meets),
        all = results.len(),
        fails = count(Answer::DoesNot),
        unknown = count(Answer::Unknown)
    );
    let told = told + &band::Verdicts::of(results).in_short();

    // Of equally many people the first standard of the catalog counts.
    let mut worst: Option<(&Coverage, u64)> = None;
    for result in results {
        let people = beyond(result).unwrap_or(0);
        if people > worst.map_or(0, |(_, most)| most) {
            worst = Some((result, people));
        }
    }
    let Some((result, people)) = worst else { return told };
    let standard = &result.standard;
    let farthest = said!(
        "Farthest from it: {standard}, {beyond} people beyond {limit} minutes ({share} in time{band}).",
        standard = short_name(words::name_of(&standard.name, &standard.name_de)),
        beyond = Cell::count(people).display(),
        limit = standard.minutes,
        share = Cell::maybe_share(result.share_within_limit()).display(),
        band = band::behind_share(result.total.share_band())
    );
    format!("{told} {farthest}")
}

fn pathways(overview: &Overview) -> String {
    let none = said!("Time to treatment: no care pathway of the catalog has a limit.");
    // Read from the table of the report: it knows which target of a pathway counts.
    let section = summary(&overview.pathways);
    let share = position(&section, TREATMENT_SHARE_WITHIN_LIMIT);
    let limit = position(&section, TREATMENT_LIMIT);
    let (Some(share), Some(limit)) = (share, limit) else { return none };

    let (mut with_limit, mut full) = (0, 0);
    let mut least: Option<(f64, &[Cell])> = None;
    for row in section.table.rows() {
        let Cell::Share(reached) = row[share] else { continue };
        with_limit += 1;
        full += usize::from(reached >= 1.0);
        if least.is_none_or(|(before, _)| reached < before) {
            least = Some((reached, row));
        }
    }
    let Some((reached, row)) = least else { return none };
    let key = row[0].plain();
    let told = said!(
        "Time to treatment: of {all} care pathways with a limit, {full} are in time for everybody; the least for {pathway}, {share} within {limit}{band}.",
        all = with_limit,
        full,
        pathway = pathway_name(overview.week.network(), &key),
        share = Cell::share(reached).display(),
        limit = row[limit].display(),
        band = band::behind_share(around(overview, &key))
    );
    told + &band::Verdicts::of_treatments(&overview.pathways).in_short()
}

/// The least and the greatest share treated in time on a pathway over the band.
fn around(overview: &Overview, key: &str) -> Option<(f64, f64)> {
    let mut known = overview.pathways.iter().flatten();
    let figures = known.find(|figures| figures.pathway.key == key)?;
    let [_, treatment] = main_targets(&figures.pathway);
    figures.targets[treatment?].share_around()
}

/// The position of a column in the table of a section.
fn position(section: &Section, column: Column) -> Option<usize> {
    section.table.columns().iter().position(|present| *present == column)
}

fn failures(overview: &Overview) -> String {
    let network = overview.region.network();
    let Some(first) = overview.single_points.first() else {
        return said!(
            "Single points of failure: no closure of one hospital puts anybody beyond a limit."
        );
    };
    let told = said!(
        "Single points of failure: {count} closures of one hospital put somebody beyond a limit, most of all {hospital} ({people} people, {standard}).",
        count = overview.single_points.len(),
        hospital = short_name(&network[first.hospital].name),
        people = Cell::count(first.newly_beyond).display(),
        standard = standard_name(network, &first.standard)
    );
    let mut verdicts = band::Verdicts::default();
    for point in &overview.single_points {
        verdicts.add(&point.standard, point.over_band);
    }
    told + &verdicts.in_short()
}

fn beds(overview: &Overview) -> String {
    let network = overview.week.network();
    // By average occupancy of the year: a simulation of four months orders the hospitals by chance where they are close.
    let mut fullest: Option<(&str, f64)> = None;
    for (id, hospital) in network.iter() {
        let occupancy = overview.huff.hospitals[id.index()].load.occupancy();
        let Some(occupancy) = occupancy.filter(|_| !hospital.outside) else { continue };
        if fullest.is_none_or(|(_, most)| occupancy > most) {
            fullest = Some((&hospital.name, occupancy));
        }
    }
    let (Some(inside), Some((hospital, most))) = (overview.huff.inside_occupancy, fullest) else {
        return said!("Beds: no hospital inside has beds that are known.");
    };
    said!(
        "Beds: {occupancy} of the beds inside are occupied over the year{simulated}; the fullest is {hospital} with {most}.",
        occupancy = Cell::share(inside).display(),
        simulated = simulated(overview),
        hospital = short_name(hospital),
        most = Cell::share(most).display()
    )
}

/// What the simulation says of the beds; nothing where there was none.
fn simulated(overview: &Overview) -> String {
    let run = overview.simulation.run.as_ref().ok();
    let Some(occupancy) = run.and_then(|run| run.occupancy) else { return String::new() };
    let mut told = Cell::share(occupancy.mean).display();
    if let Some(half) = occupancy.half_width {
        told.push_str(&format!(" ± {}", Cell::share(half).display()));
    }
    said!(" (simulated: {occupancy}, chance only)", occupancy = told)
}

fn law(overview: &Overview) -> String {
    let network = overview.week.network();
    let Some(assessment) = &overview.service_groups else {
        return said!("Law: the catalog has no rules on service groups.");
    };
    let (sites, missing) = sites_that_lack(network, assessment);
    let emergency = match &overview.emergency_stages {
        Some(stages) => stated_otherwise(network, stages),
        None => String::new(),
    };
    said!(
        "Law: of {sites} sites that offer service groups, {missing} lack something for a group that they offer{emergency}.",
        sites,
        missing,
        emergency
    )
}

/// Sites inside with service groups, and those among them that lack something for one.
fn sites_that_lack(network: &Network, assessment: &Assessment) -> (usize, usize) {
    let (mut sites, mut missing) = (0, 0);
    for site in &assessment.sites {
        // Sites without any group are day clinics and the like: they lack nothing.
        if network[site.hospital].outside || site.groups.is_empty() {
            continue;
        }
        sites += 1;
        let mut lacks = false;
        for group in &site.groups {
            lacks |= group.verdict.standing() == GroupStanding::Missing;
        }
        missing += usize::from(lacks);
    }
    (sites, missing)
}

/// Of how many hospitals the stated stage of emergency care is not the one that the data allow.
fn stated_otherwise(network: &Network, stages: &[HospitalStage]) -> String {
    let (mut hospitals, mut differing) = (0, 0);
    for stage in stages {
        if network[stage.hospital].outside {
            continue;
        }
        hospitals += 1;
        let comparison = stage.comparison();
        differing +=
            usize::from(matches!(comparison, StageComparison::Higher | StageComparison::Lower));
    }
    said!(
        "; the stated emergency stage of {differing} of {hospitals} hospitals is not the one that the data allow",
        differing,
        hospitals
    )
}

fn cooperations(overview: &Overview) -> String {
    let changes = &overview.cooperations.changes;
    let known = overview.week.network().cooperations().len();
    let value = changes.first().and_then(|first| Some((first, first.values.first()?.as_ref()?)));
    let Some((first, value)) = value else {
        return said!(
            "Cooperations: {all} are known, none changes the time to treatment.",
            all = known
        );
    };
    said!(
        "Cooperations: {all} are known, {effective} change the time to treatment; most of all {cooperation}, {hours} hours a year.",
        all = known,
        effective = changes.len(),
        cooperation = cooperation_of(&first.cooperation),
        hours = Cell::number(value.total().net_seconds() / 3600.0, 1).display()
    )
}

fn agreements(overview: &Overview) -> Option<String> {
    let first = overview.agreements.first()?;
    let agreement = &overview.week.network()[first.agreement];
    Some(said!(
        "Agreements: {all} framework agreements with a partner inside; most of all {agreement}, {fields} of its {known} fields have patients; alone they change nothing in care.",
        all = overview.agreements.len(),
        agreement = cooperation_of(&agreement.key),
        fields = first.fields_with_patients,
        known = agreement.fields.len()
    ))
}

fn alliances(overview: &Overview) -> Option<String> {
    let first = overview.alliances.first()?;
    Some(said!(
        "Alliances: {all} with a member inside, most of all {alliance} ({members}); alone they change nothing in care.",
        all = overview.alliances.len(),
        alliance = short_name(&first.alliance.name),
        members = first.inside
    ))
}

/// How many of the values that the figures rest on nobody published, and which kind has the most of them.
fn assumed(overview: &Overview) -> String {
    let (mut known_of_all, mut assumed_of_all, mut derived_of_all) = (0, 0, 0);
    let mut most: Option<(&str, u64, u64)> = None;
    for (field, values) in known_values(&overview.week) {
        let known = values.known();
        known_of_all += known;
        assumed_of_all += values.assumed;
        derived_of_all += values.derived;
        if values.assumed > most.map_or(0, |(_, most, _)| most) {
            most = Some((field, values.assumed, known));
        }
    }
    let Some((field, assumed, known)) = most else {
        return said!("Assumed: none of the values that the figures rest on.");
    };
    said!(
        "Assumed: {assumed_of_all} of {known_of_all} values that the figures rest on, most of them {field} ({assumed} of {known}); {derived_of_all} are derived by a stated rule.",
        assumed_of_all = Cell::count(assumed_of_all).display(),
        known_of_all = Cell::count(known_of_all).display(),
        field = data_field_of(field),
        assumed,
        known,
        derived_of_all = Cell::count(derived_of_all).display()
    )
}
