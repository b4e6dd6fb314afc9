//! What is asked of care pathways: the flags that several commands share.

use std::collections::BTreeSet;

use anyhow::{anyhow, bail};
use clap::Args;
use verbund::Region;
use verbund::calendar::{Hours, Moment};
use verbund::comparison::{OutcomePair, PathwayShift, pathway_shifts_over_band};
use verbund::impact::{self, OtherHours, ProposalError, Study};
use verbund::model::{Cooperation, CooperationId, Network, Pathway};
use verbund::names;
use verbund::pathways::{Objective, Outage, Outcome, Protocol, ProtocolRule, Query, When};
use verbund::report::{Document, cooperation_in_words};
use verbund::units::Seconds;
use verbund::{said, words};

use super::faults::Faults;
use super::faults::fault;
use super::input;

/// When patients call.
#[derive(Debug, Args)]
pub(super) struct Calls {
    /// Patients who call at this moment, such as "Sat 03:00"
    #[arg(long, value_name = "MOMENT", conflicts_with = "during")]
    at: Option<Moment>,
    /// Patients who call in these hours [default: week, and day and night where they differ]
    #[arg(long, value_enum)]
    during: Option<When>,
}

impl Calls {
    /// What the flags say; `None` when they say nothing.
    pub(super) fn when(&self) -> Option<When> {
        self.at.map(When::At).or(self.during)
    }
}

/// How a route is chosen, in which network: flags of `pathway`, `route`, `cooperation` and `critical`.
#[derive(Debug, Args)]
pub(super) struct Choosing {
    /// Choose the route for the least time to this stage [default: to the last one]
    #[arg(long = "for", value_name = "STAGE")]
    stage: Option<String>,
    /// Which first hospital the rescue service must go to [default: free; where cooperations are valued,
    /// nearest-door and free side by side]
    #[arg(long, value_enum)]
    protocol: Option<ProtocolRule>,
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
    /// "tessa-eilenburg Mon-Fri 8-16"; can be given several times, not for one that --without ends. In
    /// `verbund cooperation KEY`, hours alone are those of KEY: what changes when it only works then
    #[arg(long, alias = "limit", value_name = "COOPERATION HOURS")]
    hours: Vec<String>,
}

/// When patients call, and how their routes are chosen.
#[derive(Debug, Args)]
pub(super) struct Asking {
    #[command(flatten)]
    pub(super) calls: Calls,
    #[command(flatten)]
    pub(super) choice: Choosing,
}

/// What the flags ask for, with the names looked up.
pub(super) struct Asked<'f> {
    pub(super) query: Query,
    pub(super) changes: Changes<'f>,
}

/// How the network is other than it is.
#[derive(Default)]
pub(super) struct Changes<'f> {
    /// New cooperations, with the words of `--add`.
    added: Vec<(&'f str, Cooperation)>,
    /// Cooperations with other hours.
    limited: Vec<OtherHours>,
    /// Hours without a cooperation.
    bare: Vec<Hours>,
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
            || !self.hours.is_empty()
    }

    /// Flags that contradict each other, before anything is read.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.detour.is_some() && self.protocol != Some(ProtocolRule::Bypass) {
            bail!(fault!("--detour belongs to --protocol bypass"));
        }
        Ok(())
    }

    /// The protocol that the flags name; `None` when they name none.
    fn protocol(&self) -> Option<Protocol> {
        let detour = Seconds::from_minutes(self.detour.unwrap_or(0));
        self.protocol.map(|rule| rule.with_detour(detour))
    }

    /// The protocols under which cooperations are valued, the leading one first: the one that the
    /// flags name, or else [`impact::PROTOCOLS`].
    pub(super) fn protocols(&self) -> (Protocol, Option<Protocol>) {
        let [lead, beside] = impact::PROTOCOLS;
        self.protocol().map_or((lead, Some(beside)), |named| (named, None))
    }

    /// What the flags describe; every name that fits nothing is noted.
    pub(super) fn read(
        &self,
        region: &Region,
        pathway: Option<&Pathway>,
        faults: &mut Faults,
    ) -> Asked<'_> {
        let asked = self.read_with_bare(region, pathway, faults);
        asked.changes.bare_hours(false, faults);
        asked
    }

    /// What the flags describe, for commands in which hours without a cooperation mean something.
    fn read_with_bare(
        &self,
        region: &Region,
        pathway: Option<&Pathway>,
        faults: &mut Faults,
    ) -> Asked<'_> {
        let mut query = Query::default().protocol(self.protocol().unwrap_or_default());
        if let (Some(name), Some(pathway)) = (&self.stage, pathway)
            && let Some(key) = faults.note(stage(pathway, name))
        {
            query.objective = Objective::Stage(key);
        }

        let network = region.network();
        let mut outage = Outage::default();
        for name in &self.without {
            match cooperation(network, name) {
                Ok(id) => drop(outage.cooperations.insert(id)),
                Err(error) => faults.add(&anyhow!("--without: {error}")),
            }
        }
        let mut changes = Changes::default();
        self.read_hours(network, &mut outage, &mut changes, faults);
        self.read_added(region, &mut changes, faults);
        Asked { query: query.outage(outage), changes }
    }

    fn read_hours(
        &self,
        network: &Network,
        outage: &mut Outage,
        changes: &mut Changes<'_>,
        faults: &mut Faults,
    ) {
        for text in &self.hours {
            // With a key before them they are no hours.
            if let Ok(hours) = text.parse::<Hours>() {
                changes.bare.push(hours);
                continue;
            }
            let limited = match OtherHours::read(network, text) {
                Ok(limited) => limited,
                Err(error) => {
                    faults.add(&anyhow!("--hours: {}", with_graph(error)));
                    continue;
                }
            };
            let id = limited.cooperation;
            let key = &network[id].key;
            if changes.limited.iter().any(|before| before.cooperation == id) {
                faults.add(&fault!("--hours: {key} is given twice; name all its hours at once, such as \"Mon-Fri 8-16, Sat 9-12\"", key));
            } else if !outage.cooperations.insert(id) {
                // The limited one stands in for the one that there is, which ends.
                faults.add(&fault!(
                    "--without and --hours both name {key}: it either ends or works in other hours",
                    key
                ));
            }
            changes.limited.push(limited);
        }
    }

    fn read_added<'f>(&'f self, region: &Region, changes: &mut Changes<'f>, faults: &mut Faults) {
        let mut keys = BTreeSet::new();
        for text in &self.add {
            match impact::proposed(region, text) {
                Ok(added) if !keys.insert(added.key.clone()) => {
                    faults.add(&fault!("--add: \"{text}\" is given twice", text));
                }
                Ok(added) => changes.added.push((text, added)),
                Err(error) => faults.add(&anyhow!("--add: {error}")),
            }
        }
    }

    /// An error where the flags change the cooperation that a command is asked about: its answer is
    /// about that one as it is.
    pub(super) fn refuse_about(
        &self,
        network: &Network,
        id: CooperationId,
        changes: &Changes<'_>,
    ) -> anyhow::Result<()> {
        let key = &network[id].key;
        let is_same = |name: &String| cooperation(network, name).is_ok_and(|ended| ended == id);
        if self.without.iter().any(is_same) {
            bail!(fault!("--without {key}: this is the one that is asked about", key));
        }
        if changes.limited.iter().any(|limited| limited.cooperation == id) {
            bail!(fault!(
                "--hours {key}: this is the one that is asked about; give its hours without its key",
                key
            ));
        }
        Ok(())
    }
}

impl Asking {
    /// What the flags ask of a study of these pathways; hours without a cooperation are left to the command.
    pub(super) fn of_study(
        &self,
        region: &Region,
        pathways: &[&Pathway],
        faults: &mut Faults,
    ) -> Asked<'_> {
        // Stages are keys of their own pathway: for several, a name would mean several things.
        let only = if let [only] = pathways { Some(*only) } else { None };
        if self.choice.has_stage() && only.is_none() {
            faults.add(&fault!("--for needs exactly one care pathway"));
        }
        let asked = self.choice.read_with_bare(region, only, faults);
        Asked { query: asked.query.when(self.calls.when().unwrap_or_default()), ..asked }
    }
}

impl Changes<'_> {
    /// Whether there is any new cooperation, or one with other hours.
    pub(super) fn has_added(&self) -> bool {
        !self.added.is_empty() || !self.limited.is_empty()
    }

    /// The cooperations that are added, those with other hours included.
    pub(super) fn added(&self, region: &Region) -> Vec<Cooperation> {
        let mut added: Vec<Cooperation> =
            self.added.iter().map(|(_, cooperation)| cooperation.clone()).collect();
        for limited in &self.limited {
            added.push(limited.cooperation(region.network()));
        }
        added
    }

    /// Hours without a cooperation: those of the one that a command is asked about, where it is asked about one.
    pub(super) fn bare_hours(
        &self,
        is_asked_about_one: bool,
        faults: &mut Faults,
    ) -> Option<Hours> {
        match self.bare.as_slice() {
            [] => None,
            [hours] if is_asked_about_one => Some(*hours),
            [hours, ..] if is_asked_about_one => {
                faults.add(&fault!("--hours: {hours} are not all; name all hours at once, such as \"Mon-Fri 8-16, Sat 9-12\"", hours));
                None
            }
            [hours, ..] => {
                faults.add(&fault!(
                    "--hours: \"{hours}\" names no cooperation; write \"COOPERATION HOURS\"",
                    hours
                ));
                None
            }
        }
    }

    /// The document with what the flags change in its head: what ends, what works in other hours,
    /// what is added; and which added cooperations can serve none of these pathways, with the reasons.
    pub(super) fn tell(
        &self,
        document: Document,
        region: &Region,
        pathways: &[&Pathway],
    ) -> Document {
        let network = region.network();
        let mut changes = Vec::new();
        let mut without_use = Vec::new();
        for (text, cooperation) in &self.added {
            changes.push(said!(
                "added: {proposal}",
                proposal = impact::proposal_in_words(cooperation)
            ));
            let obstacles = impact::obstacles(region, pathways, cooperation);
            if !obstacles.is_empty() {
                let why = words::each_of(&obstacles).join("; ");
                without_use.push(format!("\"{text}\" ({why})"));
            }
        }
        for limited in &self.limited {
            let before = &network[limited.cooperation];
            let (key, hours) = (cooperation_in_words(&before.key), limited.hours.in_print());
            changes.push(said!(
                "limited: {key} {hours} (now {before})",
                key,
                hours,
                before = before.hours.in_print()
            ));
        }

        let mut document = self.without_limited(document, network);
        if !changes.is_empty() {
            document = document.about("changes", changes.join("; "));
        }
        if !without_use.is_empty() {
            document = document.about("serves_nothing", without_use.join("; "));
        }
        document
    }

    /// The document whose head names as ended only what ends: what works in other hours does not.
    fn without_limited(&self, mut document: Document, network: &Network) -> Document {
        // The analysis ends a limited cooperation and adds it anew, which its head tells as an end.
        let Some(position) = document.about.iter().position(|(key, _)| *key == "without") else {
            return document;
        };
        let mut limited = BTreeSet::new();
        for change in &self.limited {
            limited.insert(network[change.cooperation].key.as_str());
        }
        let ended = document.about[position].1.to_string();
        let mut left = Vec::new();
        for key in ended.split(", ").filter(|key| !limited.contains(key)) {
            left.push(cooperation_in_words(key));
        }
        let ended = left.join(", ");

        if ended.is_empty() {
            document.about.remove(position);
        } else {
            document.about[position].1 = ended.into();
        }
        document
    }
}

/// The key of the stage of a pathway that `--for` names.
fn stage(pathway: &Pathway, typed: &str) -> anyhow::Result<String> {
    let stages = pathway.stages.iter().map(|stage| (stage.key.as_str(), stage.name.as_str()));
    match names::find("stage", typed, stages) {
        Ok(index) => Ok(pathway.stages[index].key.clone()),
        Err(error) => {
            let keys: Vec<&str> = pathway.stages.iter().map(|stage| stage.key.as_str()).collect();
            bail!(fault!(
                "--for: {error}\n{pathway} has: {keys}",
                error,
                pathway = pathway.key,
                keys = keys.join(", ")
            ))
        }
    }
}

/// The cooperation that a typed key means.
pub(super) fn cooperation(network: &Network, name: &str) -> anyhow::Result<CooperationId> {
    let index = names::pick_from("cooperation", name, network.cooperations())
        .map_err(|error| with_graph(ProposalError::Cooperation(error)))?;
    Ok(network.cooperation_ids().nth(index).expect("it was picked from the network"))
}

/// The error with the command that lists cooperations, where none is called so.
fn with_graph(error: ProposalError) -> anyhow::Error {
    match error {
        ProposalError::Cooperation(error) => {
            fault!("{error}\n`verbund graph` shows all of them", error)
        }
        error => error.into(),
    }
}

/// The key of the field that a typed name means.
pub(super) fn field(network: &Network, typed: &str) -> anyhow::Result<String> {
    Ok(impact::find_field(network, typed)?)
}

/// The care pathways that these names mean, all of them when none is named; every name that fits
/// nothing is told at once.
pub(super) fn pathways<'r>(
    region: &'r Region,
    names: &[String],
    faults: &mut Faults,
) -> Vec<&'r Pathway> {
    let known = &region.network().catalog().pathways;
    if known.is_empty() {
        faults.add(&fault!("the catalog has no care pathways (pathways.ron)"));
    }
    if names.is_empty() {
        return known.iter().collect();
    }
    let mut chosen: Vec<&Pathway> = Vec::new();
    for name in names {
        let Some(pathway) = faults.note(input::pathway(region, name)) else { continue };
        if !chosen.iter().any(|before| before.key == pathway.key) {
            chosen.push(pathway);
        }
    }
    chosen
}

/// Who is sooner and later in every pathway when what is out in `worse` works as in `better`, under the protocol of
/// each study. Elective patients choose themselves under each: theirs are told once.
pub(super) fn shifts(studies: &[&Study<'_>], worse: &Outage, better: &Outage) -> Vec<PathwayShift> {
    let mut outcomes: Vec<(Outcome<'_, '_>, Outcome<'_, '_>)> = Vec::new();
    for study in studies {
        for (then, now) in study.outcomes(worse).into_iter().zip(study.outcomes(better)) {
            let (pathway, protocol) = (&now.prepared().pathway().key, now.query().protocol);
            let is_told = outcomes.iter().any(|(_, known)| {
                known.prepared().pathway().key == *pathway && known.query().protocol == protocol
            });
            if !is_told {
                outcomes.push((then, now));
            }
        }
    }
    let mut pairs = Vec::with_capacity(outcomes.len());
    for (before, after) in &outcomes {
        pairs.push(OutcomePair { before, after });
    }
    pathway_shifts_over_band(&pairs)
}

/// An error that names every pathway with a stage that nobody can do, where somebody asked for them.
pub(super) fn refuse_unmet(study: &Study<'_>, asked_for: &[String]) -> anyhow::Result<()> {
    // Of all pathways, the head of the result names those that cannot be done.
    if asked_for.is_empty() || study.unmet().is_empty() {
        return Ok(());
    }
    let reasons: Vec<String> = study.unmet().iter().map(ToString::to_string).collect();
    bail!("{}", reasons.join("\nverbund: "));
}
