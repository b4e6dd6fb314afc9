//! `verbund cooperation`

use anyhow::anyhow;
use clap::Args;
use verbund::Region;
use verbund::calendar::Hours;
use verbund::impact::{
    self, CandidateKind, CooperationGroup, CooperationValue, PathwayUses, Shapley, ShapleySettings,
    Sought, Study, Suggestions,
};
use verbund::model::{Cooperation, CooperationId, Pathway};
use verbund::pathways::{Outage, Protocol, Query};
use verbund::report::{
    self, Document, GainsBy, PathwayLinks, ProtocolSuggestions, ProtocolValue, ProtocolValues,
    SuggestionsView,
};

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::query::{self, Asked, Asking, Changes};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show what this cooperation is and changes, by key [default: all, ranked]
    cooperation: Option<String>,
    /// Only these care pathways, by key or name [default: all]
    #[arg(long, alias = "condition", value_name = "PATHWAY")]
    pathway: Vec<String>,
    /// Which cooperations of this kind that do not exist would bring most
    #[arg(long, value_enum, conflicts_with = "cooperation", requires = "field")]
    suggest: Option<CandidateKind>,
    /// With --suggest: the field, such as neurology
    #[arg(long, value_name = "FIELD", requires = "suggest")]
    field: Option<String>,
    /// With --suggest: how many to choose
    #[arg(long, value_name = "COUNT", default_value_t = 3, requires = "suggest", value_parser = clap::value_parser!(u16).range(1..=50))]
    count: u16,
    /// Share out only what these cooperations bring together, by key; may be given several times
    /// [default: all that serve the pathways]
    #[arg(long, value_name = "COOPERATION", conflicts_with_all = ["cooperation", "suggest"])]
    among: Vec<String>,
    /// Orders that are drawn for the shares where more than twelve cooperations serve a pathway
    #[arg(long, value_name = "COUNT", default_value_t = 400, value_parser = clap::value_parser!(u32).range(4..=100_000))]
    #[arg(conflicts_with_all = ["cooperation", "suggest"])]
    orders: u32,
    /// Seed of these orders
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with_all = ["cooperation", "suggest"])]
    seed: u64,
    /// With a cooperation: who is sooner and later with it than without, by district or place
    #[arg(long, value_enum, requires = "cooperation")]
    by: Option<GainsBy>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    after: ScenarioOptions,
}

/// What the flags name, with all names looked up.
struct Named<'n> {
    region: &'n Region,
    pathways: Vec<&'n Pathway>,
    query: Query,
    changes: Changes<'n>,
    /// Key of the field of --suggest.
    field: Option<String>,
    /// The cooperation that is asked about.
    id: Option<CooperationId>,
    /// Its other hours.
    hours: Option<Hours>,
    /// Those of --among.
    among: Vec<CooperationId>,
}

impl<'n> Named<'n> {
    /// Looks every name up; every fault of them is told at once.
    fn read(region: &'n Region, arguments: &'n Arguments) -> anyhow::Result<Self> {
        let network = region.network();
        let mut faults = Faults::default();
        let pathways = query::pathways(region, &arguments.pathway, &mut faults);
        let Asked { query, changes } = arguments.asking.of_study(region, &pathways, &mut faults);
        let field = match &arguments.field {
            Some(typed) => faults.note(query::field(network, typed)),
            None => None,
        };
        let id = match &arguments.cooperation {
            Some(name) => faults.note(query::cooperation(network, name)),
            None => None,
        };
        if let Some(id) = id {
            faults.note(arguments.asking.choice.refuse_about(network, id, &changes));
        }
        let hours = changes.bare_hours(arguments.cooperation.is_some(), &mut faults);
        let mut among = Vec::new();
        for name in &arguments.among {
            among.extend(faults.note(query::cooperation(network, name)));
        }
        faults.tell()?;
        Ok(Self { region, pathways, query, changes, field, id, hours, among })
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.asking.choice.check()?;
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| asked(region, arguments))
}

/// What the flags ask of a region.
fn asked(region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let named = Named::read(region, arguments)?;
    let (lead, beside) = arguments.asking.choice.protocols();
    let protocols = Protocols { lead, beside };
    let document = match (arguments.suggest, &named.field, named.id) {
        (Some(kind), Some(field), _) => {
            let sought = Sought { kind, field };
            suggested(&named, sought, usize::from(arguments.count), protocols)?
        }
        (_, _, None) => every(&named, arguments, protocols)?,
        (_, _, Some(id)) => one_of_them(&named, id, arguments, protocols)?,
    };
    Ok(Answered::done(named.changes.tell(document, region, &named.pathways)))
}

/// The protocols under which cooperations are valued.
#[derive(Clone, Copy)]
struct Protocols {
    lead: Protocol,
    beside: Option<Protocol>,
}

/// Which cooperations to add next.
fn suggested(
    named: &Named<'_>,
    sought: Sought<'_>,
    count: usize,
    protocols: Protocols,
) -> anyhow::Result<Document> {
    if named.changes.has_added() {
        return Err(anyhow!(
            "--suggest looks beyond what exists; --add and --hours do not go with it"
        ));
    }
    let waiting = input::waiting("trying every pair of hospitals");
    let query = named.query.clone().protocol(protocols.lead);
    let lead = Study::new(named.region, &named.pathways, &[], query)?;
    let beside = match protocols.beside {
        Some(protocol) => {
            Some(Suggested::find(lead.under(protocol), &named.pathways, sought, count)?)
        }
        None => None,
    };
    let lead = Suggested::find(lead, &named.pathways, sought, count)?;
    waiting.finish_and_clear();
    let (lead, beside) = (lead.shown(), beside.as_ref().map(Suggested::shown));
    let view = SuggestionsView { kind: sought.kind, field: sought.field, count };
    Ok(report::suggestions(&view, &lead, beside.as_ref()))
}

/// What each cooperation changes, and its share of what all bring.
fn every(
    named: &Named<'_>,
    arguments: &Arguments,
    protocols: Protocols,
) -> anyhow::Result<Document> {
    // Orders are drawn in pairs, one and its reverse.
    let pairs = arguments.orders.div_ceil(2) as usize;
    let settings = ShapleySettings::default().pairs(pairs).seed(arguments.seed);
    let waiting = input::waiting("ending one cooperation after another");
    let added = named.changes.added(named.region);
    let query = named.query.clone().protocol(protocols.lead);
    let lead = Study::new(named.region, &named.pathways, &added, query)?;
    query::refuse_unmet(&lead, &arguments.pathway)?;
    // Those that serve no pathway get a share of zero whatever is drawn, and would only cost time.
    let players = if named.among.is_empty() { lead.relevant() } else { named.among.clone() };
    let beside = protocols.beside.map(|protocol| lead.under(protocol));
    let beside = beside.map(|study| Valued::new(study, &players, &settings));
    let lead = Valued::new(lead, &players, &settings);
    waiting.finish_and_clear();
    let (lead, beside) = (lead.shown(), beside.as_ref().map(Valued::shown));
    Ok(report::cooperations(&lead, beside.as_ref()))
}

/// What one cooperation is and changes; with other hours, what it changes then.
fn one_of_them(
    named: &Named<'_>,
    id: CooperationId,
    arguments: &Arguments,
    protocols: Protocols,
) -> anyhow::Result<Document> {
    let network = named.region.network();
    let cooperation = &network[id];
    let mut added = named.changes.added(named.region);
    // With other hours: the same cooperation once more, behind all others.
    let limited = network.added_cooperation(added.len());
    let query = named.query.clone().protocol(protocols.lead);
    let mut without_limited = query.clone();
    if let Some(hours) = named.hours {
        added.push(Cooperation { hours, ..cooperation.clone() });
        without_limited.outage.cooperations.insert(limited);
    }

    let study = Study::new(named.region, &named.pathways, &added, without_limited)?;
    query::refuse_unmet(&study, &arguments.pathway)?;
    let with_limited = match named.hours {
        Some(hours) => Some((hours, Study::new(named.region, &named.pathways, &added, query)?)),
        None => None,
    };
    let beside = protocols.beside.map(|protocol| study.under(protocol));
    if let Some(by) = arguments.by {
        // On both sides it is there at most once: not at all or in its other hours, and as it is.
        let (worse, whole) = (Outage::of_cooperation(id), Outage::of_cooperation(limited));
        let (lead, better, than) = match &with_limited {
            Some((hours, with_limited)) => (with_limited, whole, format!("than only {hours}")),
            None => (&study, Outage::default(), "than without it".to_owned()),
        };
        let beside = protocols.beside.map(|protocol| lead.under(protocol));
        let studies: Vec<&Study<'_>> = std::iter::once(lead).chain(&beside).collect();
        let shifts = query::shifts(&studies, &worse, &better);
        let what = format!("with it {than}");
        return Ok(report::cooperation_gains(cooperation, &studies, &shifts, &what, by));
    }
    let value = |study: &Study<'_>| {
        let effects = with_limited.as_ref().map(|(hours, with_limited)| {
            let with_limited = with_limited.under(study.query().protocol);
            // On both sides the cooperation is there once: with its other hours, and as it is.
            let in_some = Outage::of_cooperation(id);
            (*hours, with_limited.compare(&in_some, &Outage::of_cooperation(limited)))
        });
        (study.value(id), effects)
    };
    let (lead_value, limited) = value(&study);
    let lead = ProtocolValue { study: &study, value: lead_value, limited };
    let beside = beside.as_ref().map(|study| {
        let (value, limited) = value(study);
        ProtocolValue { study, value, limited }
    });
    let document = report::cooperation(cooperation, &lead, beside.as_ref());
    let named: Vec<Protocol> = std::iter::once(protocols.lead).chain(protocols.beside).collect();
    let uses = study.link_uses(id, &named)?;
    Ok(with_uses(document, &uses))
}

/// The document with how a cooperation is used, where it carries nobody in some pathway: and why.
fn with_uses(document: Document, uses: &[PathwayUses<'_>]) -> Document {
    let mut pathways = Vec::new();
    for pathway in uses {
        if pathway.uses.iter().any(|used| used.unused.is_some()) {
            pathways.push(PathwayLinks { prepared: pathway.prepared, uses: &pathway.uses });
        }
    }
    if pathways.is_empty() {
        return document;
    }
    document.section(report::link_section(&pathways, "Where it carries nobody, and why"))
}

/// What to add next under one protocol.
struct Suggested<'r> {
    study: Study<'r>,
    suggestions: Suggestions,
}

impl<'r> Suggested<'r> {
    fn find(
        study: Study<'r>,
        pathways: &[&'r Pathway],
        sought: Sought<'_>,
        count: usize,
    ) -> anyhow::Result<Self> {
        let suggestions = impact::suggest(study.region(), pathways, sought, count, study.query())?;
        Ok(Self { study, suggestions })
    }

    fn shown(&self) -> ProtocolSuggestions<'_, 'r> {
        ProtocolSuggestions { study: &self.study, found: &self.suggestions }
    }
}

/// What cooperations change under one protocol.
struct Valued<'r> {
    study: Study<'r>,
    values: Vec<CooperationValue>,
    shapley: Shapley,
    groups: Vec<CooperationGroup>,
}

impl<'r> Valued<'r> {
    fn new(study: Study<'r>, players: &[CooperationId], settings: &ShapleySettings) -> Self {
        let (values, shapley) = (study.values(), study.shapley(players, settings));
        let groups = study.groups();
        Self { study, values, shapley, groups }
    }

    fn shown(&self) -> ProtocolValues<'_, 'r> {
        let Self { study, values, shapley, groups } = self;
        ProtocolValues { study, values, shapley, groups }
    }
}
