//! What is asked of care pathways: the flags that several commands share.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::impact::{self, CandidateKind, Study};
use verbund::model::{Cooperation, Hours, Moment, Network, Parties, Pathway};
use verbund::names;
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
    /// As if this one existed: "KIND FROM TO FIELD", such as
    /// "telemedicine fkh-hubertusburg kkh-torgau neurology"; can be given several times
    #[arg(long, value_name = "AGREEMENT")]
    add: Vec<String>,
    /// As if a cooperation only worked in these hours, such as "tessa-eilenburg Mon-Fri 8-16"; can
    /// be given several times
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
            let all = pathway.stages.iter().map(|one| (one.key.as_str(), one.name.as_str()));
            match names::find("stage", name, all) {
                Ok(at) => query.objective = Objective::Stage(pathway.stages[at].key.clone()),
                Err(error) => {
                    let keys = pathway.stages.iter().map(|one| one.key.as_str());
                    let keys: Vec<&str> = keys.collect();
                    let list = keys.join(", ");
                    faults.add(&anyhow!("--for: {error}\n{} has: {list}", pathway.key));
                }
            }
        }
        let mut outage = Outage::default();
        for name in &self.without {
            match cooperation(region.network(), name) {
                Ok(index) => drop(outage.cooperations.insert(index)),
                Err(error) => faults.add(&anyhow!("--without: {error}")),
            }
        }
        for text in &self.limit {
            match limited(region.network(), text) {
                Ok((index, _)) => drop(outage.cooperations.insert(index)),
                Err(error) => faults.add(&anyhow!("--limit: {error}")),
            }
        }
        for text in &self.add {
            if let Err(error) = agreement(region, text) {
                faults.add(&anyhow!("--add: {error}"));
            }
        }
        (query.outage(outage), faults)
    }

    /// The cooperations that the flags add, those with other hours included; whatever is wrong with
    /// them was told by [`Self::query`].
    pub(super) fn added(&self, region: &Region) -> Vec<Cooperation> {
        let new = self.add.iter().filter_map(|text| agreement(region, text).ok());
        let limited = self.limit.iter().filter_map(|text| limited(region.network(), text).ok());
        new.chain(limited.map(|(_, one)| one)).collect()
    }

    /// The document with what the flags change in its head, and which added cooperations can serve none
    /// of these pathways, with the reasons.
    pub(super) fn tell(
        &self,
        document: Document,
        region: &Region,
        pathways: &[&Pathway],
    ) -> Document {
        let document = match self.changes() {
            Some(changes) => document.about("changes", changes),
            None => document,
        };
        let mut without_use: Vec<String> = Vec::new();
        for text in &self.add {
            let Ok(cooperation) = agreement(region, text) else { continue };
            let obstacles = impact::obstacles(region, pathways, &cooperation);
            if !obstacles.is_empty() {
                without_use.push(format!("\"{text}\" ({})", obstacles.join("; ")));
            }
        }
        if without_use.is_empty() {
            return document;
        }
        document.about("serves_nothing", without_use.join("; "))
    }

    /// What the flags change, for readers; `None` when nothing.
    fn changes(&self) -> Option<String> {
        let added = self.add.iter().map(|text| format!("added: {text}"));
        let limited = self.limit.iter().map(|text| format!("limited: {text}"));
        let all: Vec<String> = added.chain(limited).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// Kinds of cooperation that can be added.
const KINDS: [(&str, CandidateKind); 4] = [
    ("telemedicine", CandidateKind::Telemedicine),
    ("visiting-team", CandidateKind::VisitingTeam),
    ("central-service", CandidateKind::CentralService),
    ("transfer", CandidateKind::Transfer),
];

/// A cooperation as `--add` names it.
fn agreement(region: &Region, text: &str) -> anyhow::Result<Cooperation> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [kind, from, to, field] = words.as_slice() else {
        bail!("\"{text}\" is no agreement; write \"KIND FROM TO FIELD\" with keys of hospitals");
    };
    let Some((_, found)) = KINDS.iter().find(|(name, _)| name == kind) else {
        let names = KINDS.map(|(name, _)| name);
        bail!(
            "unknown kind \"{kind}\"{}; there are: {}",
            input::hint(kind, names),
            names.join(", ")
        );
    };
    let network = region.network();
    let key = |typed: &str| -> anyhow::Result<String> {
        Ok(network[region.find_hospital(typed)?].key.clone())
    };
    let (from, to) = (key(from)?, key(to)?);
    if from == to {
        bail!("\"{from}\" cannot work with itself");
    }
    check_field(network, field)?;
    let key = format!("added-{kind}-{from}-{to}");
    let parties = Parties::Directed { from, to: vec![to] };
    Ok(Cooperation::new(key, found.kind(), parties).fields(&[*field]))
}

/// A cooperation with the hours that `--limit` gives it, and the position of the one that it
/// stands for.
fn limited(network: &Network, text: &str) -> anyhow::Result<(usize, Cooperation)> {
    let Some((name, hours)) = text.trim().split_once(' ') else {
        bail!("\"{text}\" names no hours; write \"COOPERATION HOURS\"");
    };
    let index = cooperation(network, name)?;
    let hours: Hours = hours.trim().parse()?;
    Ok((index, Cooperation { hours, ..network.cooperations()[index].clone() }))
}

/// Whether cooperations may name a field.
pub(super) fn check_field(network: &Network, field: &str) -> anyhow::Result<()> {
    let catalog = network.catalog();
    if catalog.is_field(field) {
        return Ok(());
    }
    bail!("unknown field \"{field}\"{}", input::hint(field, catalog.field_keys()));
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

/// The position of the cooperation that a typed key means.
pub(super) fn cooperation(network: &Network, name: &str) -> anyhow::Result<usize> {
    let all = network.cooperations();
    let wanted = names::fold(name);
    if let Some(index) = all.iter().position(|one| names::fold(&one.key) == wanted) {
        return Ok(index);
    }
    let hint = input::hint(name, all.iter().map(|one| one.key.as_str()));
    bail!("unknown cooperation \"{name}\"{hint}\n`verbund graph` shows all of them")
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
