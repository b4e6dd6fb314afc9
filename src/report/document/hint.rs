//! What a program can say behind a remark: where to see more, and what else can be asked.

/// Defines the hints with a list of all of them.
// A macro, so that no hint is missing in the list: the program tests with it that it has words for each.
macro_rules! hints {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a remark points to: the program that prints it has the words, such as a command and its flag, or a
        /// link of a page. Without words it is left out, and the remark reads on without it.
        ///
        /// [`Document::told`](super::Document::told) puts the words in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Hint {
            $($(#[$doc])* $name,)*
        }

        impl Hint {
            /// Every hint.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

hints! {
    /// What the fields of a framework agreement could change once they get terms.
    SuggestTerms,
    /// What shared beds and staff of an agreement would change.
    AgreedBeds,
    /// What one agreement could change, field by field.
    AgreementOpened,
    /// One alliance: members, figures, what rests on a member.
    AllianceOpened,
    /// All candidates of one kind of cooperation in one field.
    OneSuggestion,
    /// Figures under one protocol alone have more columns.
    OneProtocol,
    /// Who else could give the same as a suggested cooperation.
    NamesOfOthers,
    /// All figures of single cooperations, and what hurts when they fail.
    AllCooperations,
    /// The ways that patients of a place go.
    WaysOfPlaces,
    /// The cooperations that could serve a pathway, and make nobody faster.
    UnusedCooperations,
    /// All hospitals at each stage of a pathway.
    HospitalsOfStages,
    /// All places that gain or lose on care pathways.
    AllPlacesOfStages,
    /// All age groups of a comparison.
    AgesOfComparison,
    /// The rows of a long table about care pathways.
    RowsOfStages,
    /// The times of all places.
    PlacesOfPathway,
    /// Further shares and quantiles of who reaches care.
    MoreReach,
    /// Under which protocol patients are transferred.
    TransferredPatients,
    /// One pathway with all its stages.
    OnePathway,
    /// The sources of a network.
    Sources,
    /// More pairs of hospitals that hurt more together.
    MorePairs,
    /// All hospitals that take the cases of closed ones.
    Receivers,
    /// Of which service groups nobody can tell whether a site has them.
    UnknownGroups,
    /// Affected people with those who are already beyond the limit.
    AlreadyBeyond,
    /// Another service area of the density.
    OtherServiceArea,
    /// A service area that does not follow the limit.
    FixedServiceArea,
    /// Verdicts with the people of another year.
    PeopleOfAnotherYear,
    /// The lines of another year.
    LinesOfAnotherYear,
    /// Where the number of each line comes from.
    SourcesOfLines,
    /// How far expected cases are from counted ones.
    CheckOfCases,
    /// Who is assumed to offer which service group, and which agreement covers it.
    GroupAssumptions,
    /// Service groups if there is no agreement but those of the data.
    KnownAgreements,
    /// Which hospitals state another stage than the data allow, and why.
    EmergencyStages,
    /// Whom full departments divert.
    DivertedPatients,
    /// What changes do that pass, where nothing else changes.
    PassingChanges,
    /// That changes which pass show in a simulation only.
    OnlySimulated,
    /// What is so in one hour of the week.
    OneHour,
    /// How it compares in one hour of the week.
    OneMoment,
    /// The verdicts of each rule.
    Rules,
    /// All that a scenario changes.
    WholeComparison,
    /// What scenarios change that begin before the day of the network.
    EarlierScenarios,
    /// What scenarios change that pass.
    PassingScenarios,
    /// What is wrong with scenarios.
    FaultyScenarios,
    /// What each scenario changes, and its file.
    Scenarios,
    /// The network of another day.
    AnotherDay,
    /// What is wrong with a scenario.
    FaultsOfScenario,
    /// How much of a network is assumed.
    Quality,
    /// Stages, ways and hospitals of a pathway.
    Pathways,
    /// Which share of each hospital's cases comes from beyond the region.
    FlowsOfHospitals,
    /// All hospitals whose failure puts somebody beyond the limit.
    SinglePoints,
    /// All values that nobody published.
    Assumptions,
    /// The rules by which values are derived.
    Derivations,
    /// Differences that may be chance, of one replication.
    AllDifferences,
    /// Differences that may be chance.
    MoreDifferences,
    /// Places where nothing differs.
    OtherPlaces,
    /// Hospitals outside of the region.
    HospitalsOutside,
    /// Each hour of the week.
    HoursOfWeek,
    /// What a simulation takes for granted.
    TakenForGranted,
    /// All settings of a simulation that nobody published.
    AllSettings,
    /// What a network takes for granted beside the settings of a simulation.
    NetworkAssumptions,
    /// All that nobody published of a simulation.
    SimulationAssumptions,
    /// A simulation of a region that is too large for a short one.
    LongSimulation,
    /// A simulation of more replications, or with scenarios.
    MoreReplications,
    /// What a short simulation takes for granted.
    ShortAssumptions,
    /// What of a simulation is no chance.
    BeyondChance,
    /// A band of what is assumed beside the intervals of a simulation.
    Band,
    /// Patients who go from ward to ward.
    WardsInTurn,
    /// The report in full, and as a page.
    FurtherInReport,
    /// What the findings of a report can be followed with.
    FurtherLooks,
}
