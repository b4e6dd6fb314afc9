//! The network of a day.

use verbund::calendar::Date;
use verbund::files::Folder;
use verbund::model::{Network, Ownership, Status};

fn leipzig(day: &str) -> Network {
    Folder::leipzig().read().unwrap().network.as_of(day.parse().unwrap())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn schkeuditz_is_there_in_may_2025_and_gone_in_june() {
    assert!(leipzig("2025-05-01").find("helios-schkeuditz").is_some());
    assert!(leipzig("2025-05-27").find("helios-schkeuditz").is_some());
    assert!(leipzig("2025-05-28").find("helios-schkeuditz").is_none());
    assert!(leipzig("2025-06-01").find("helios-schkeuditz").is_none());
}

#[test]
fn grimma_and_wurzen_change_their_operator_on_the_second_of_may_2025() {
    for key in ["sana-grimma", "sana-wurzen"] {
        let (before, after) = (leipzig("2025-05-01"), leipzig("2025-05-02"));
        let (before, after) =
            (&before[before.find(key).unwrap()], &after[after.find(key).unwrap()]);
        assert_eq!(before.ownership, Ownership::Public, "{key}");
        assert!(before.operator.contains("100 %"), "{}", before.operator);
        assert_eq!(after.ownership, Ownership::Private, "{key}");
        assert!(after.operator.contains("Sana"), "{}", after.operator);
    }
}

#[test]
fn departments_open_and_close_on_their_days() {
    let has = |day: &str, key: &str, specialty: &str| {
        let network = leipzig(day);
        network[network.find(key).unwrap()].has_specialty(specialty)
    };
    assert!(has("2023-10-31", "sana-grimma", "obstetrics"));
    assert!(!has("2023-11-01", "sana-grimma", "obstetrics"));
    assert!(has("2020-06-30", "fkh-hubertusburg", "paediatrics"));
    assert!(!has("2020-07-01", "fkh-hubertusburg", "paediatrics"));
    assert!(has("2020-07-01", "fkh-hubertusburg", "child_adolescent_psychiatry"));
    assert!(!has("2024-06-30", "bitterfeld", "obstetrics"));
    assert!(has("2024-07-01", "bitterfeld", "obstetrics"));
}

#[test]
fn a_cooperation_lives_between_its_dates_and_with_its_partners() {
    let has = |day: &str, key: &str| leipzig(day).cooperations().iter().any(|one| one.key == key);
    assert!(!has("2025-09-30", "ukl-st-georg-2025"));
    assert!(has("2025-10-01", "ukl-st-georg-2025"));
    let all = Folder::leipzig().read().unwrap().network;
    let ended: Vec<_> =
        all.cooperations().iter().filter(|one| one.status == Status::Ended).collect();
    assert!(!ended.is_empty());
    for one in ended {
        assert!(has("2020-01-01", &one.key), "{} was at work in 2020", one.key);
        assert!(!has("2026-01-01", &one.key), "{} is over in 2026", one.key);
    }
}

#[test]
fn every_day_is_a_consistent_network() {
    let all = Folder::leipzig().read().unwrap().network;
    for day in ["1990", "2015-12", "2020-07-01", "2023-11", "2025-05-28", "2026-01-01", "2040"] {
        let network = all.as_of(day.parse().unwrap());
        for cooperation in network.cooperations() {
            let keys = cooperation.parties.keys();
            assert!(keys.len() >= 2, "{} on {day}", cooperation.key);
            assert!(keys.iter().all(|key| network.find(key).is_some()), "{}", cooperation.key);
        }
        for alliance in network.alliances() {
            assert!(alliance.members.iter().all(|key| network.find(key).is_some()));
        }
        for hospital in network.hospitals() {
            assert!(hospital.assumed.iter().all(|path| hospital.has_path(path)));
        }
    }
}

#[test]
fn dates_at_the_ends_of_time_are_fine() {
    let all = Folder::small().read().unwrap().network;
    assert_eq!(all.as_of(day("0001")).hospitals().len(), 4);
    let later = all.as_of(day("2027-01-01"));
    assert!(!later[later.find("south").unwrap()].has_specialty("obstetrics"));
}
