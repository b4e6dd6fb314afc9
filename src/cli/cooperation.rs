//! `verbund cooperation`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::agreement::{self, Agreement, AgreementSettings, BedsAnswer, BedsSettings};
use verbund::calendar::Hours;
use verbund::impact::{
    self, CandidateKind, CooperationGroup, CooperationValue, PathwayUses, Shapley, ShapleySettings,
    Sought, Study, Suggestions,
};
use verbund::model::{
    Cooperation, CooperationId, CooperationKind, HospitalId, Model, Network, Parties, Pathway,
};
use verbund::pathways::{Outage, Protocol, Query};
use verbund::random::Seed;
use verbund::report::{
    self, Document, GainsBy, PathwayLinks, ProtocolSuggestions, ProtocolValue, ProtocolValues,
    SimulatedBeds, SuggestionsView,
};
use verbund::routing::{Choice, Huff};
use verbund::said;

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::query::{self, Asked, Asking, Changes};
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output};

#[derive(Debug, Args)]
#[expect(clippy::option_option, reason = "a flag with an optional value, as clap tells it")]
pub(super) struct Arguments {
    /// Show what this cooperation is and changes, by key [default: all, ranked]
    cooperation: Option<String>,
    /// Only these care pathways, by key or name [default: all]
    #[arg(long, alias = "condition", value_name = "PATHWAY")]
    pathway: Vec<String>,
    /// Which cooperations that do not exist would bring most: of a kind in a --field the best ones; without either of
    /// them every kind in every field, what brings anything, and why the rest does not (half a minute)
    #[arg(long, value_enum, value_name = "KIND", num_args = 0..=1, conflicts_with = "cooperation")]
    suggest: Option<Option<CandidateKind>>,
    /// What an agreement of these two hospitals could change, field by field
    #[arg(long, value_names = ["HOSPITAL", "HOSPITAL"], num_args = 2, conflicts_with_all = ["cooperation", "suggest"])]
    between: Vec<String>,
    /// With --suggest or --between: the field, such as neurology
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// With a framework agreement or --between: also simulate what shared beds and staff would change, by the terms of
    /// the file or assumed ones
    #[arg(long)]
    with_terms: bool,
    /// With --with-terms: how many times 90 days are simulated
    #[arg(long, value_name = "COUNT", default_value_t = 10, requires = "with_terms", value_parser = clap::value_parser!(u16).range(2..=1000))]
    replications: u16,
    /// With --suggest: how many to choose
    #[arg(long, value_name = "COUNT", default_value_t = 3, requires = "suggest", value_parser = clap::value_parser!(u16).range(1..=50))]
    count: u16,
    /// Share out only what these cooperations bring together, by key; may be given several times
    /// [default: all that serve the pathways]
    #[arg(long, value_name = "COOPERATION", conflicts_with_all = ["cooperation", "suggest", "between"])]
    among: Vec<String>,
    /// Orders that are drawn for the shares where more than twelve cooperations serve a pathway
    #[arg(long, value_name = "COUNT", default_value_t = 400, value_parser = clap::value_parser!(u32).range(4..=100_000))]
    #[arg(conflicts_with_all = ["cooperation", "suggest", "between"])]
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

impl Arguments {
    /// Flags that say nothing without others.
    fn check(&self, network: &Network, id: Option<CooperationId>, faults: &mut Faults) {
        if self.field.is_some() && self.suggest.is_none() && self.between.is_empty() {
            faults.add(&fault!("--field belongs to --suggest or --between"));
        }
        let is_framework = id.is_some_and(|id| network[id].kind == CooperationKind::Framework);
        if self.with_terms && self.between.is_empty() && !is_framework {
            faults.add(&fault!("--with-terms belongs to a framework agreement or to --between"));
        }
    }
}

/// What the flags name, with all names looked up.
struct Named<'n> {
    region: &'n Region,
    pathways: Vec<&'n Pathway>,
    query: Query,
    changes: Changes<'n>,
    /// Key of the field of --suggest or --between.
    field: Option<String>,
    /// The cooperation that is asked about.
    id: Option<CooperationId>,
    /// Its other hours.
    hours: Option<Hours>,
    /// Those of --among.
    among: Vec<CooperationId>,
    /// Those of --between, none or two.
    between: Vec<HospitalId>,
}

impl<'n> Named<'n> {
    /// Looks every name up; every fault of them is told at once.
    fn read(model: &Model, region: &'n Region, arguments: &'n Arguments) -> anyhow::Result<Self> {
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
        let mut between = Vec::new();
        for name in &arguments.between {
            between.extend(faults.note(input::hospital(model, region, name)));
        }
        if let [a, b] = between.as_slice()
            && a == b
        {
            let key = &network[*a].key;
            faults.add(&fault!("--between {key} {key}: two different hospitals are needed", key));
        }
        arguments.check(network, id, &mut faults);
        faults.tell()?;
        Ok(Self { region, pathways, query, changes, field, id, hours, among, between })
    }
}

impl Named<'_> {
    /// Flags that change the network, where a question looks beyond what exists.
    fn refuse_added(&self, flag: &str) -> anyhow::Result<()> {
        if self.changes.has_added() {
            bail!(fault!(
                "{flag} looks beyond what exists; --add and --hours do not go with it",
                flag
            ));
        }
        Ok(())
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.asking.choice.check()?;
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| asked(&networks.model, region, arguments))
}

/// What the flags ask of a region.
fn asked(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let named = Named::read(model, region, arguments)?;
    let (lead, beside) = arguments.asking.choice.protocols();
    let protocols = Protocols { lead, beside };
    let answer = match (arguments.suggest, &named.field, named.id) {
        (Some(Some(kind)), Some(field), _) => {
            let sought = Sought { kind, field };
            suggested(&named, sought, usize::from(arguments.count), protocols)?.into()
        }
        (Some(kind), field, _) => surveyed(&named, kind, field.as_deref(), protocols)?.into(),
        (None, _, _) if !named.between.is_empty() => between(&named, arguments, protocols)?,
        (None, _, None) => every(&named, arguments, protocols)?.into(),
        (None, _, Some(id)) => one_of_them(&named, id, arguments, protocols)?,
    };
    let ending = Ending::interrupted_if(answer.is_interrupted);
    Ok(Answered::new(named.changes.tell(answer.document, region, &named.pathways), ending))
}

/// What is printed.
struct Answer {
    document: Document,
    /// Whether a simulation for it was stopped before its last replication.
    is_interrupted: bool,
}

impl From<Document> for Answer {
    fn from(document: Document) -> Self {
        Self { document, is_interrupted: false }
    }
}

/// The protocols under which cooperations are valued.
#[derive(Clone, Copy)]
struct Protocols {
    lead: Protocol,
    beside: Option<Protocol>,
}

impl Protocols {
    /// Both, the leading one first.
    fn all(self) -> Vec<Protocol> {
        let mut protocols = vec![self.lead];
        protocols.extend(self.beside);
        protocols
    }
}

/// Which cooperations to add next.
fn suggested(
    named: &Named<'_>,
    sought: Sought<'_>,
    count: usize,
    protocols: Protocols,
) -> anyhow::Result<Document> {
    named.refuse_added("--suggest")?;
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

/// Every kind in every field, or those that are named.
fn surveyed(
    named: &Named<'_>,
    kind: Option<CandidateKind>,
    field: Option<&str>,
    protocols: Protocols,
) -> anyhow::Result<Document> {
    named.refuse_added("--suggest")?;
    let catalog = named.region.network().catalog();
    let fields: Vec<String> = match field {
        Some(field) => vec![field.to_owned()],
        None => catalog.field_keys().map(str::to_owned).collect(),
    };
    let kinds = kind.map_or_else(|| CandidateKind::ALL.to_vec(), |kind| vec![kind]);

    let waiting = input::waiting("trying every pair of hospitals for every kind and field");
    let lead = Study::new(named.region, &named.pathways, &[], named.query.clone())?;
    let studies: Vec<Study<'_>> =
        protocols.all().into_iter().map(|protocol| lead.under(protocol)).collect();
    let (region, query) = (named.region, &named.query);
    let surveyed =
        impact::survey(region, &named.pathways, &kinds, &fields, &protocols.all(), query)?;
    waiting.finish_and_clear();
    let studies: Vec<&Study<'_>> = studies.iter().collect();
    Ok(report::survey(&surveyed, &studies))
}

/// What an agreement of two hospitals could change that there is not.
fn between(
    named: &Named<'_>,
    arguments: &Arguments,
    protocols: Protocols,
) -> anyhow::Result<Answer> {
    named.refuse_added("--between")?;
    let (region, network) = (named.region, named.region.network());
    let [a, b] = named.between[..] else { bail!(fault!("--between needs two hospitals")) };
    let fields = match &named.field {
        Some(field) => vec![field.clone()],
        None => agreement::fields_between(region, &named.pathways, a, b),
    };
    if fields.is_empty() {
        bail!(fault!(
            "--between {a} {b}: no pathway could be served between them, and they have no department in common",
            a = network[a].key,
            b = network[b].key
        ));
    }
    let parties = Parties::Mutual(vec![network[a].key.clone(), network[b].key.clone()]);
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let agreed = Cooperation::new("between", CooperationKind::Framework, parties).fields(&fields);
    let opened = Opened::new(named, &agreed, arguments, protocols)?;
    let beds = opened.beds();
    let document = report::agreement_between(region, &agreed, &opened.agreement, beds);
    Ok(Answer { document, is_interrupted: opened.is_interrupted })
}

/// An agreement field by field, with the sharing of beds and staff where that is asked for.
struct Opened {
    agreement: Agreement,
    beds: Option<Vec<BedsAnswer>>,
    days: u32,
    replications: u64,
    is_interrupted: bool,
}

impl Opened {
    fn new(
        named: &Named<'_>,
        agreed: &Cooperation,
        arguments: &Arguments,
        protocols: Protocols,
    ) -> anyhow::Result<Self> {
        let waiting = input::waiting("opening the agreement, field by field");
        let settings = AgreementSettings {
            pathways: named.pathways.clone(),
            query: named.query.clone(),
            protocols: protocols.all(),
            choice: Choice::Huff(Huff::default()),
        };
        let agreement = Agreement::new(named.region, agreed, &settings)?;
        waiting.finish_and_clear();

        let mut settings = BedsSettings::default();
        settings.plan.replications = u64::from(arguments.replications);
        settings.plan.seed = Seed(arguments.seed);
        let (days, mut replications) = (settings.settings.days, settings.plan.replications);
        let (mut beds, mut is_interrupted) = (None, false);
        if arguments.with_terms {
            let bar = input::bar(replications, "replications");
            let kept = "the replications that are finished are kept";
            let simulated = interrupt::watched(kept, &bar, |control| {
                agreement::simulate_beds(named.region, agreed, &agreement, &settings, control)
            })?;
            is_interrupted = simulated.is_interrupted;
            if is_interrupted {
                let done = simulated.replications;
                tell(&message!(
                    "interrupted after {done} of {replications} replications",
                    done,
                    replications
                ));
            }
            replications = simulated.replications;
            beds = Some(simulated.answers);
        }
        Ok(Self { agreement, beds, days, replications, is_interrupted })
    }

    fn beds(&self) -> Option<SimulatedBeds<'_>> {
        let answers = self.beds.as_deref()?;
        Some(SimulatedBeds { answers, days: self.days, replications: self.replications })
    }
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
) -> anyhow::Result<Answer> {
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
            Some((hours, with_limited)) => (with_limited, whole, said!("than only {hours}", hours)),
            None => (&study, Outage::default(), said!("than without it")),
        };
        let beside = protocols.beside.map(|protocol| lead.under(protocol));
        let studies: Vec<&Study<'_>> = std::iter::once(lead).chain(&beside).collect();
        let shifts = query::shifts(&studies, &worse, &better);
        let what = said!("with it {than}", than);
        return Ok(report::cooperation_gains(cooperation, &studies, &shifts, &what, by).into());
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
    let document = with_uses(document, &study.link_uses(id, &protocols.all())?);
    // Its fields say what is meant, where the framework itself changes nothing.
    if cooperation.kind != CooperationKind::Framework {
        return Ok(document.into());
    }
    if named.changes.has_added() {
        // What is added would have to be there before and after: the tables would say something else than they seem to.
        if arguments.with_terms {
            named.refuse_added("--with-terms")?;
        }
        return Ok(document.into());
    }
    let hours = named.hours.unwrap_or(cooperation.hours);
    let cooperation = &Cooperation { hours, ..cooperation.clone() };
    let opened = Opened::new(named, cooperation, arguments, protocols)?;
    let (region, beds) = (named.region, opened.beds());
    let document =
        report::agreement_sections(document, region, cooperation, &opened.agreement, beds);
    Ok(Answer { document, is_interrupted: opened.is_interrupted })
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
