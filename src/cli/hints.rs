//! What the program says where a remark of a result points to more: its commands and flags.

use verbund::report::Hint;

/// The words of a hint, as they stand in its remark.
pub(super) fn words(hint: Hint) -> &'static str {
    match hint {
        Hint::SuggestTerms => {
            " What its fields could change once they get terms: the tables below, or verbund cooperation --suggest."
        }
        Hint::AgreedBeds => " Shared beds and staff, by simulation: --with-terms.",
        Hint::OneSuggestion => {
            " Both protocols in full, and the next ones: --suggest KIND --field FIELD."
        }
        Hint::OneProtocol => " --protocol shows one alone, with more columns.",
        Hint::NamesOfOthers => "; --format json names them",
        Hint::AllCooperations => {
            " Over all care pathways: verbund cooperation. What hurts when it fails: verbund critical."
        }
        Hint::WaysOfPlaces => " The ways that they go: --format csv.",
        Hint::UnusedCooperations => ": --by cooperation",
        Hint::HospitalsOfStages => "; all of them: --by hospital",
        Hint::AllPlacesOfStages => " All places: --by stage-place.",
        Hint::AgesOfComparison => " All groups: --by age.",
        Hint::RowsOfStages => ": --by stage-district and --by stage-age show them, JSON has all",
        Hint::PlacesOfPathway => " All places: --by place.",
        Hint::MoreReach => " --format json or csv has more columns: 45, 60 minutes, median, P90.",
        Hint::TransferredPatients => ": --protocol nearest-door",
        Hint::OnePathway => "One pathway with all its stages: verbund pathway KEY.",
        Hint::Sources => "verbund info --list sources",
        Hint::MorePairs => "; more with closures --order 2",
        Hint::Receivers => "; --by receiver has all",
        Hint::UnknownGroups => " (verbund rules groups)",
        Hint::AlreadyBeyond => "; --all-beyond counts those already beyond it, too",
        Hint::OtherServiceArea => "; --area-minutes changes it",
        Hint::FixedServiceArea => " unless --area-minutes fixes it",
        Hint::PeopleOfAnotherYear => {
            "People of another year: --scenario FILE, such as one that sets the population."
        }
        Hint::LinesOfAnotherYear => "; --year asks for another one",
        Hint::SourcesOfLines => "Where each number comes from: --service KEY, or --format json.",
        Hint::CheckOfCases => ": verbund flows --check",
        Hint::GroupAssumptions => ": verbund rules groups",
        Hint::AgreementOpened => {
            " (what each could change, field by field: verbund cooperation KEY)"
        }
        Hint::AllianceOpened => " (members and how they compare: verbund alliance KEY)",
        Hint::KnownAgreements => " (--no-other-agreements: only those of the data)",
        Hint::EmergencyStages => " Which, and why: verbund rules emergency.",
        Hint::DivertedPatients => ": with --simulate full departments divert",
        Hint::PassingChanges => "; --simulate shows what they do",
        Hint::OnlySimulated => ": only with --simulate",
        Hint::OneHour => ", and --at looks at one hour",
        Hint::OneMoment => "; --at looks at one",
        Hint::Rules => "; see verbund rules groups, levels, emergency and supplement",
        Hint::WholeComparison => " The whole comparison: verbund compare --scenario.",
        Hint::EarlierScenarios => ": verbund compare --scenario",
        Hint::PassingScenarios => ": verbund simulate --scenario",
        Hint::FaultyScenarios => ": verbund check --scenario",
        Hint::Scenarios => {
            "What each changes: verbund compare or simulate --scenario NAME. Its file, to write another one like it: verbund info --scenario NAME."
        }
        Hint::AnotherDay => " (--as-of DATE reads the network of another day)",
        Hint::FaultsOfScenario => ": verbund check --scenario NAME",
        Hint::Quality => " (verbund info)",
        Hint::Pathways => " Stages, ways, hospitals: verbund pathway.",
        Hint::FlowsOfHospitals => "; of each hospital: verbund flows",
        Hint::SinglePoints => " with coverage --by hospital",
        Hint::Assumptions => " All of them: verbund info.",
        Hint::Derivations => " (verbund info --list derivations)",
        Hint::AllDifferences => ": --all shows all",
        Hint::MoreDifferences => ": --all",
        Hint::OtherPlaces => "; others: --all",
        Hint::HospitalsOutside => " They are shown with --all.",
        Hint::HoursOfWeek => " All 168 hours: --format csv.",
        Hint::TakenForGranted => " (--by assumed)",
        Hint::AllSettings => "; all of them: --by assumed",
        Hint::NetworkAssumptions => "The network's own assumptions: verbund info.",
        Hint::SimulationAssumptions => " All of them: verbund simulate --by assumed.",
        Hint::LongSimulation => " verbund simulate does it in minutes.",
        Hint::MoreReplications => "; more, and with scenarios: verbund simulate",
        Hint::ShortAssumptions => ": verbund simulate --by assumed",
        Hint::BeyondChance => ": verbund sensitivity",
        Hint::Band => "A band of what is assumed beside them: verbund simulate --band 16.",
        Hint::WardsInTurn => "; verbund simulate follows them from ward to ward",
        Hint::FurtherInReport => {
            "All of it: verbund report --full. To hand out, with a map: verbund page --output region.html."
        }
        Hint::FurtherLooks => {
            "One standard, pathway, hospital: verbund coverage KEY --by place, pathway KEY, info KEY. What a change does: verbund compare --scenario FILE. What is assumed: verbund info."
        }
        // A hint without words is left out; the test below finds it.
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hint_has_german_words() {
        use verbund::words::{self, Language, in_language};

        for hint in Hint::ALL {
            let english = words(*hint);
            // What is all command and flag is the same in every language.
            let plain = english.trim_start_matches([' ', ':', ';', '(']);
            if plain.starts_with("verbund ") || plain.starts_with("--") {
                continue;
            }
            let german = in_language(Language::German, || words::of(english).into_owned());
            assert_ne!(german, english);
        }
    }

    #[test]
    fn every_hint_has_words() {
        for hint in Hint::ALL {
            assert!(!words(*hint).is_empty(), "{hint:?}");
        }
    }
}
