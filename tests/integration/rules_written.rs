//! What the rules say, written by serde: keys in the place of ids, seconds and metres as numbers.

use serde::Serialize;
use serde_json::Value;
use verbund::Region;
use verbund::routing::Choice;
use verbund::rules::{
    Assessment, GroupSettings, ONE_SITE, Supplement, SupplementSensitivity, SupplementSettings,
    UnlockSettings, VolumeSensitivity, emergency_stages, levels, minimum_volumes, sites, unlocks,
};

fn written<T: Serialize + ?Sized>(region: &Region, result: &T) -> Value {
    serde_json::from_str(&serde_json::to_string(&region.keyed(result)).unwrap()).unwrap()
}

#[test]
fn service_groups_and_levels_are_written_with_keys() {
    let region = Region::leipzig().unwrap();
    let (network, settings) = (region.network(), GroupSettings::default());
    let assessment = Assessment::new(network, &settings).unwrap();
    let json = written(&region, &assessment);
    let sites = json["sites"].as_array().unwrap();
    let torgau = sites.iter().find(|site| site["hospital"] == "kkh-torgau").unwrap();
    assert_eq!(torgau["hospitals"][0], "kkh-torgau");
    // Its first group is general internal medicine, with general surgery and intensive care on the site.
    assert_eq!(torgau["groups"][0]["group"], "1");
    assert_eq!(torgau["groups"][0]["verdict"], "OnSite");

    let json = written(&region, &levels(network, &assessment, &settings));
    let levels = json.as_array().unwrap();
    let torgau = levels.iter().find(|level| level["hospital"] == "kkh-torgau").unwrap();
    assert_eq!((&torgau["computed"], &torgau["next"]["level"]), (&"1n".into(), &"2".into()));
    assert!(torgau["next"]["missing"].as_array().is_some_and(|missing| !missing.is_empty()));
}

#[test]
fn agreements_that_unlock_groups_are_written_with_keys_and_seconds() {
    let region = Region::leipzig().unwrap();
    let which = UnlockSettings::default().district("Landkreis Nordsachsen");
    let found = unlocks(&region, &GroupSettings::default(), &which).unwrap();
    let json = written(&region, &found[..1]);
    assert_eq!(json[0]["partners"][0], "st-georg-leipzig");
    assert_eq!(json[0]["journey_seconds"], found[0].journey.0);
    assert_eq!(json[0]["unlocked"][0]["hospital"], "waldkrankenhaus-bad-dueben");
    assert_eq!(json[0]["unlocked"][0]["group"], "14");
}

#[test]
fn supplements_stages_and_volumes_are_written_with_keys() {
    let region = Region::leipzig().unwrap();
    let network = region.network();
    let provisions = [&network.catalog().supplement.provisions[0]];
    let settings = SupplementSettings::default();
    let supplement = Supplement::new(&region, provisions[0], &settings).unwrap();
    let json = written(&region, &supplement);
    assert_eq!(json["people"], supplement.people);
    let first = &supplement.tests[0];
    assert_eq!(json["tests"][0]["hospital"], network[first.hospital].key.as_str());
    assert_eq!(json["tests"][0]["margin"], first.margin);
    let answer = written(&region, &supplement.judge(network, first.hospital));
    assert!(answer["answer"].is_string() && answer["test"]["is_endangered"].is_boolean());
    let sensitivity = SupplementSensitivity::new(&region, &provisions, &settings, None).unwrap();
    let json = written(&region, &sensitivity);
    assert_eq!((&json["variants"][0], json["rows"].is_array()), (&"Faster".into(), true));

    let stages = emergency_stages(network).unwrap();
    let json = written(&region, &stages);
    assert_eq!(json[0]["hospital"], network[stages[0].hospital].key.as_str());
    assert!(json[0]["stages"][0]["gaps"]["missing"].is_array());

    let services: Vec<_> = network.catalog().minimum_volumes.services.iter().collect();
    let births = services.iter().find(|service| service.key == "births").unwrap();
    let volumes = minimum_volumes(&region, births, Choice::Nearest).unwrap();
    let json = written(&region, &volumes);
    let first = &volumes.volumes[0];
    assert_eq!(json["service"]["id"], "births");
    assert_eq!(json["volumes"][0]["hospital"], network[first.hospital].key.as_str());
    let low = json["volumes"][0]["interval"]["low"].as_f64().unwrap();
    assert!((low - first.interval.low).abs() < 1e-9);
    let pooling = volumes.volumes.iter().position(|volume| volume.pooling.is_some()).unwrap();
    let between = volumes.volumes[pooling].pooling.as_ref().unwrap().between;
    assert_eq!(json["volumes"][pooling]["pooling"]["between_seconds"], between.0);
    let sensitivity = VolumeSensitivity::new(&region, &services, Choice::Nearest, None).unwrap();
    assert_eq!(written(&region, &sensitivity)["variants"][1], "Slower");

    let json = written(&region, &sites(network, ONE_SITE));
    assert!(json[0]["main"].is_string() && json[0]["widest_metres"].is_u64());
}

#[test]
fn an_id_without_its_region_is_not_written() {
    let region = Region::leipzig().unwrap();
    let assessment = Assessment::new(region.network(), &GroupSettings::default()).unwrap();
    assert!(serde_json::to_string(&assessment).is_err());
}
