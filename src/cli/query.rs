//! What is asked of care pathways: the flags that several commands share.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::impact::{self, CandidateKind, Study};
use verbund::model::{Cooperation, CooperationId, Hours, Moment, Network, Parties, Pathway};
use verbund::names::{self, Entry};
use verbund::pathways::{Objective, Outage, Protocol, Query, When};
use verbund::report::Document;
use verbund::units::Seconds;

use super::input;

/// When patients call.
#[derive(Debug, Args)]
pub(super) struct Calls {
    /// Patients who call at this moment, such as "Sat 03:00"
    #[arg(long, value_name = "MOMENT", conflicts_with = "during")]
    at: Option<Moment>,
    /// Patients who call in these hours [default: week, and day and night where they differ]
    #[arg(long, value_enum)]
    during: Option<During>,
}

impl Calls {
    /// What the flags say; `None` when they say nothing.
    pub(super) fn when(&self) -> Option<When> {
        let during = self.during.map(|during| match during {
            During::Week => When::Week,
            During::Day => When::Day,
            During::Night => When::Night,
            During::Weekend => When::Weekend,
        });
        self.at.map(When::At).or(during)
    }
}

/// How a route is chosen: flags of `pathway`, `route`, `cooperation`
/// and `critical`.
#[derive(Debug, Args)]
pub(super) struct Choosing {
    /// Choose the route for the least time to this stage [default: to the last one]
    #[arg(long = "for", value_name = "STAGE")]
    stage: Option<String>,
    /// Which first hospital the rescue service must go to [default: free; where cooperations are valued,
    /// nearest-door and free side by side]
    #[arg(long, value_enum)]
    protocol: Option<Rule>,
    /// With --protocol bypass: minutes by which a centre may be farther than the nearest door
    #[arg(long, value_name = "MINUTES", required_if_eq("protocol", "bypass"))]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=600))]
    detour: Option<u32>,
    /// As if this cooperation did not exist; can be given several times
    #[arg(long, value_name = "COOPERATION")]
    without: Vec<String>,
    /// As if this one existed, at all hours: "KIND FROM TO FIELD", such as
    /// "telemedicine fkh-hubertusburg kkh-torgau neurology"; can be given several times
    #[arg(long, value_name = "AGREEMENT")]
    add: Vec<String>,
    /// As if a cooperation worked in these hours instead of its own, such as
    /// "tessa-eilenburg Mon-Fri 8-16"; can be given several times, not for one that --without ends
    #[arg(long, value_name = "COOPERATION HOURS")]
    limit: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum During {
    /// The whole week, by the pathway's profile of arrivals
    Week,
    /// 8:00 to 20:00 on every day
    Day,
    /// 20:00 to 8:00 on every day
    Night,
    /// Saturday and Sunday
    Weekend,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Any hospital that can do the first stage, whichever is best in the end
    Free,
    /// The nearest one
    NearestDoor,
    /// A centre that does all stages, when it is at most --detour minutes later; else the nearest
    Bypass,
    /// The nearest centre that does all stages
    DirectToCentre,
}

impl Choosing {
    /// Whether a stage is chosen.
    pub(super) fn has_stage(&self) -> bool {
        self.stage.is_some()
    }

    /// Whether any of these flags is given.
    pub(super) fn is_given(&self) -> bool {
        self.stage.is_some()
            || self.protocol.is_some()
            || self.detour.is_some()
            || !self.without.is_empty()
            || !self.add.is_empty()
            || !self.limit.is_empty()
    }

    /// Flags that contradict each other, before anything is read.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.detour.is_some() && self.protocol != Some(Rule::Bypass) {
            bail!("--detour belongs to --protocol bypass");
        }
        Ok(())
    }

    /// The protocol that the flags name; `None` when they name none.
    fn protocol(&self) -> Option<Protocol> {
        self.protocol.map(|rule| match rule {
            Rule::Free => Protocol::Free,
            Rule::NearestDoor => Protocol::NearestDoor,
            Rule::DirectToCentre => Protocol::DirectToCentre,
            Rule::Bypass => {
                Protocol::Bypass { detour: Seconds::from_minutes(self.detour.unwrap_or(0)) }
            }
        })
    }

    /// The protocols under which cooperations are valued, the leading one first: the one that the
    /// flags name, or else [`impact::PROTOCOLS`].
    pub(super) fn protocols(&self) -> (Protocol, Option<Protocol>) {
        let [lead, beside] = impact::PROTOCOLS;
        self.protocol().map_or((lead, Some(beside)), |named| (named, None))
    }

    /// The query that the flags describe; every name that fits nothing is told at once.
    pub(super) fn query(&self, region: &Region, pathway: Option<&Pathway>) -> (Query, Faults) {
        let mut faults = Faults::default();
        let mut query = Query::default().protocol(self.protocol().unwrap_or_default());
        if let (Some(name), Some(pathway)) = (&self.stage, pathway) {
            match stage(pathway, name) {
                Ok(key) => query.objective = Objective::Stage(key),
                Err(error) => faults.add(&error),
            }
        }

        let network = region.network();
        let mut outage = Outage::default();
        for name in &self.without {
            match cooperation(network, name) {
                Ok(id) => drop(outage.cooperations.insert(id)),
                Err(error) => faults.add(&anyhow!("--without: {error}")),
            }
        }
        let mut limited_before = BTreeSet::new();
        for text in &self.limit {
            let limit = match Limit::parse(network, text) {
                Ok(limit) => limit,
                Err(error) => {
                    faults.add(&anyhow!("--limit: {error}"));
                    continue;
                }
            };
            let key = &network[limit.id].key;
            if !limited_before.insert(limit.id) {
                faults.add(&anyhow!(
                    "--limit: {key} is given twice; name all its hours at once, such as \"Mon-Fri 8-16, Sat 9-12\""
                ));
            } else if !outage.cooperations.insert(limit.id) {
                // The limited one stands in for the one that there is, which ends.
                faults.add(&anyhow!(
                    "--without and --limit both name {key}: it either ends or works in other hours"
                ));
            }
        }
        let mut added_before = BTreeSet::new();
        for text in &self.add {
            match agreement(region, text) {
                Ok(added) if !added_before.insert(added.key.clone()) => {
                    faults.add(&anyhow!("--add: \"{text}\" is given twice"));
                }
                Ok(_) => {}
                Err(error) => faults.add(&anyhow!("--add: {error}")),
            }
        }
        (query.outage(outage), faults)
    }

    /// An error where the flags change the cooperation that a command is asked about: its answer is
    /// about that one as it is.
    pub(super) fn refuse_about(&self, network: &Network, id: CooperationId) -> anyhow::Result<()> {
        let key = &network[id].key;
        let is_same = |name: &String| cooperation(network, name).is_ok_and(|ended| ended == id);
        if self.without.iter().any(is_same) {
            bail!("--without {key}: this is the one that is asked about");
        }
        let limits = self.limit.iter().filter_map(|text| Limit::parse(network, text).ok());
        if limits.into_iter().any(|limit| limit.id == id) {
            bail!(
                "--limit {key}: this is the one that is asked about; say --hours for other hours"
            );
        }
        Ok(())
    }

    /// The cooperations that the flags add, those with other hours included; whatever is wrong with
    /// them was told by [`Self::query`].
    pub(super) fn added(&self, region: &Region) -> Vec<Cooperation> {
        let network = region.network();
        let new = self.add.iter().filter_map(|text| agreement(region, text).ok());
        let limits = self.limit.iter().filter_map(|text| Limit::parse(network, text).ok());
        new.chain(limits.map(|limit| limit.cooperation(network))).collect()
    }

    /// The document with what the flags change in its head: what ends, what works in other hours,
    /// what is added; and which added cooperations can serve none of these pathways, with the reasons.
    pub(super) fn tell(
        &self,
        mut document: Document,
        region: &Region,
        pathways: &[&Pathway],
    ) -> Document {
        let network = region.network();
        let mut limited = Vec::new();
        let mut limited_keys = BTreeSet::new();
        for limit in self.limit.iter().filter_map(|text| Limit::parse(network, text).ok()) {
            let before = &network[limit.id];
            let (key, hours) = (&before.key, limit.hours);
            limited.push(format!("limited: {key} {hours} (now {})", before.hours));
            limited_keys.insert(before.key.as_str());
        }

        // What works in other hours does not end.
        if let Some(position) = document.about.iter().position(|(key, _)| *key == "without") {
            let ended = document.about[position].1.to_string();
            let ended: Vec<&str> =
                ended.split(", ").filter(|key| !limited_keys.contains(key)).collect();
            let ended = ended.join(", ");
            if ended.is_empty() {
                document.about.remove(position);
            } else {
                document.about[position].1 = ended.into();
            }
        }

        let (mut changes, mut without_use) = (Vec::new(), Vec::new());
        for text in &self.add {
            let Ok(cooperation) = agreement(region, text) else { continue };
            changes.push(format!("added: {}", told(&cooperation)));
            let obstacles = impact::obstacles(region, pathways, &cooperation);
            if !obstacles.is_empty() {
                without_use.push(format!("\"{text}\" ({})", obstacles.join("; ")));
            }
        }
        changes.extend(limited);
        if !changes.is_empty() {
            document = document.about("changes", changes.join("; "));
        }
        if without_use.is_empty() {
            return document;
        }
        document.about("serves_nothing", without_use.join("; "))
    }
}

/// An added cooperation as `--add` would write it with keys.
fn told(added: &Cooperation) -> String {
    let kind = KINDS.iter().find(|(_, candidate)| candidate.kind() == added.kind);
    let kind = kind.map_or_else(|| added.kind.name(), |(name, _)| *name);
    let partners = match &added.parties {
        Parties::Directed { from, to } => format!("{from} {}", to.join(" ")),
        Parties::Mutual(partners) => partners.join(" "),
    };
    format!("{kind} {partners} {}", added.fields.join(" "))
}

/// Kinds of cooperation that can be added.
const KINDS: [(&str, CandidateKind); 4] = [
    ("telemedicine", CandidateKind::Telemedicine),
    ("visiting-team", CandidateKind::VisitingTeam),
    ("central-service", CandidateKind::CentralService),
    ("transfer", CandidateKind::Transfer),
];

/// Words of an agreement beyond which no names are looked for in them.
const MOST_WORDS: usize = 24;

/// A cooperation as `--add` names it. Names of several words may stand for keys where only one
/// reading of the words fits.
fn agreement(region: &Region, text: &str) -> anyhow::Result<Cooperation> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 4 || words.len() > MOST_WORDS {
        bail!("\"{text}\" is no agreement; write \"KIND FROM TO FIELD\" with keys of hospitals");
    }
    let entries = KINDS.map(|(name, _)| Entry::new(name, name));
    let names = KINDS.map(|(name, _)| name);
    let kind = names::pick("kind", words[0], &entries)
        .map_err(|error| anyhow!("{error}\nthere are: {}", names.join(", ")))?;
    let (kind, candidate) = KINDS[kind];

    let words = &words[1..];
    if let [from, to, field] = words {
        return Agreement { kind, candidate, from, to, field }.cooperation(region);
    }
    let mut readings: BTreeMap<String, Cooperation> = BTreeMap::new();
    for behind_from in 1..words.len() - 1 {
        for behind_to in behind_from + 1..words.len() {
            let from = &words[..behind_from].join(" ");
            let to = &words[behind_from..behind_to].join(" ");
            let field = &words[behind_to..].join(" ");
            let reading = Agreement { kind, candidate, from, to, field }.cooperation(region);
            readings.extend(reading.ok().map(|reading| (reading.key.clone(), reading)));
        }
    }
    let mut readings = readings.into_values();
    match (readings.next(), readings.next()) {
        (Some(reading), None) => Ok(reading),
        (None, _) => bail!(
            "\"{text}\" names no two hospitals and a field; write \"KIND FROM TO FIELD\" with their keys"
        ),
        _ => bail!("\"{text}\" can be read in several ways; write the keys of the hospitals"),
    }
}

/// The parts of an agreement as they are typed.
struct Agreement<'t> {
    kind: &'static str,
    candidate: CandidateKind,
    from: &'t str,
    to: &'t str,
    field: &'t str,
}

impl Agreement<'_> {
    fn cooperation(&self, region: &Region) -> anyhow::Result<Cooperation> {
        let network = region.network();
        let from = network[region.find_hospital(self.from)?].key.clone();
        let to = network[region.find_hospital(self.to)?].key.clone();
        if from == to {
            bail!("\"{from}\" cannot work with itself");
        }
        let field = field(network, self.field)?;
        let key = format!("added-{}-{from}-{to}-{field}", self.kind);
        let parties = Parties::Directed { from, to: vec![to] };
        Ok(Cooperation::new(key, self.candidate.kind(), parties).fields(&[field.as_str()]))
    }
}

/// Other hours of a cooperation, as `--limit` gives them.
struct Limit {
    id: CooperationId,
    hours: Hours,
}

impl Limit {
    /// A name and hours with a space between; the name ends before the first words that are hours.
    fn parse(network: &Network, text: &str) -> anyhow::Result<Self> {
        let text = text.trim();
        let mut parts =
            text.match_indices(char::is_whitespace).map(|(space, _)| text.split_at(space));
        let Some(first) = parts.clone().next() else {
            bail!("\"{text}\" names no hours; write \"COOPERATION HOURS\"");
        };
        let (name, hours) =
            parts.find(|(_, hours)| hours.trim().parse::<Hours>().is_ok()).unwrap_or(first);
        let id = cooperation(network, name)?;
        Ok(Self { id, hours: hours.trim().parse()? })
    }

    fn cooperation(self, network: &Network) -> Cooperation {
        Cooperation { hours: self.hours, ..network[self.id].clone() }
    }
}

/// The key of the field that a typed name means: a specialty, or another field of cooperation.
pub(super) fn field(network: &Network, typed: &str) -> anyhow::Result<String> {
    let catalog = network.catalog();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for specialty in &catalog.specialties {
        let entry = Entry::new(&specialty.key, &specialty.name).or(&specialty.name_de);
        entries.push(entry.known_by_key());
    }
    for field in &catalog.fields {
        entries.push(Entry::new(&field.key, &field.name).or(&field.name_de).known_by_key());
    }
    let index = names::pick("field", typed, &entries)?;
    Ok(entries[index].key.to_owned())
}

/// The key of the stage of a pathway that `--for` names.
fn stage(pathway: &Pathway, typed: &str) -> anyhow::Result<String> {
    let stages = pathway.stages.iter().map(|stage| (stage.key.as_str(), stage.name.as_str()));
    names::find("stage", typed, stages).map(|index| pathway.stages[index].key.clone()).map_err(
        |error| {
            let keys: Vec<&str> = pathway.stages.iter().map(|stage| stage.key.as_str()).collect();
            anyhow!("--for: {error}\n{} has: {}", pathway.key, keys.join(", "))
        },
    )
}

/// Errors that are told together.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn add(&mut self, error: &anyhow::Error) {
        self.0.push(format!("{error:#}"));
    }

    /// The value, or `None` and the error noted.
    pub(super) fn take<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(&error)).ok()
    }

    pub(super) fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// All of them as one error.
    pub(super) fn tell(&self) -> anyhow::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        bail!("{}", self.0.join("\nverbund: "));
    }
}

/// The cooperation that a typed key means.
pub(super) fn cooperation(network: &Network, name: &str) -> anyhow::Result<CooperationId> {
    let index = names::pick_from("cooperation", name, network.cooperations())
        .map_err(|error| anyhow!("{error}\n`verbund graph` shows all of them"))?;
    Ok(network.cooperation_ids().nth(index).expect("it was picked from the network"))
}

/// The care pathways that these names mean, all of them when none is named; every name that fits
/// nothing is told at once.
pub(super) fn pathways<'r>(
    region: &'r Region,
    names: &[String],
    faults: &mut Faults,
) -> Vec<&'r Pathway> {
    let all = &region.network().catalog().pathways;
    if all.is_empty() {
        faults.add(&anyhow!("the catalog has no care pathways (pathways.ron)"));
    }
    if names.is_empty() {
        return all.iter().collect();
    }
    let mut found: Vec<&Pathway> = Vec::new();
    for name in names {
        let Some(pathway) = faults.take(input::pathway(region, name)) else { continue };
        if !found.iter().any(|own| own.key == pathway.key) {
            found.push(pathway);
        }
    }
    found
}

/// The query of the flags for a study of these pathways.
pub(super) fn of_study(
    region: &Region,
    (calls, choice): (&Calls, &Choosing),
    pathways: &[&Pathway],
    faults: &mut Faults,
) -> Query {
    let only = if let [only] = pathways { Some(*only) } else { None };
    if choice.has_stage() && only.is_none() {
        faults.add(&anyhow!("--for needs exactly one care pathway"));
    }
    let (query, others) = choice.query(region, only);
    faults.join(others);
    query.when(calls.when().unwrap_or_default())
}

/// An error that names every pathway with a stage that nobody can do, where somebody asked for them.
pub(super) fn refuse_unmet(study: &Study<'_>, asked_for: &[String]) -> anyhow::Result<()> {
    if asked_for.is_empty() || study.unmet().is_empty() {
        return Ok(());
    }
    let all: Vec<String> = study.unmet().iter().map(ToString::to_string).collect();
    bail!("{}", all.join("\nverbund: "))
}
