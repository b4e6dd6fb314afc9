//! The band of travel times: what figures and verdicts become if all journeys are quicker, or slower, by the margin.

use std::sync::Arc;

use proptest::prelude::*;
use verbund::Region;
use verbund::alliance::CareMoved;
use verbund::comparison::{Base, LawPoint, compare_standard, in_time_over_band};
use verbund::coverage::{self, Coverage};
use verbund::files::{self, Folder};
use verbund::impact::Study;
use verbund::model::*;
use verbund::pathways::{PlaceTimes, Prepared, Query};
use verbund::planning::closures::{Sites, harmless};
use verbund::report::{self, CoverageBy};
use verbund::routing::Choice;
use verbund::rules::{Supplement, SupplementSettings, SupplementVerdict};
use verbund::run::Control;
use verbund::travel::from_fn;
use verbund::units::Seconds;

use crate::common::*;
use crate::run::verbund;

/// A fifth to either side, and two minutes.
fn margin() -> Margin {
    Margin::new(0.2, Seconds::from_minutes(2))
}

fn evaluate(region: &Region, minutes: u32) -> Coverage {
    coverage::evaluate(region, &standard(minutes)).unwrap()
}

fn provision(minutes: u32, least_people: u32) -> Provision {
    Provision {
        key: "P".into(),
        name: "p".into(),
        name_de: "p".into(),
        requirement: Requirement::Specialty("s".into()),
        population: PopulationGroup::ALL,
        minutes,
        least_people,
        low_density: 100.0,
        source: "test".into(),
    }
}

fn supplement(region: &Region, provision: &Provision) -> Supplement {
    Supplement::new(region, provision, &SupplementSettings::default()).unwrap()
}

#[test]
fn the_band_of_a_line_by_hand() {
    // A kilometre a minute, 20 minutes are the limit. At the quick end 25 minutes take 20, at the slow end 15 minutes
    // take 15 x 1.2 + 2 = 20.
    let places = [(15.0, 1), (16.0, 2), (20.0, 4), (25.0, 8), (26.0, 16)];
    let region = line(&[(0.0, 1)], &places).with_margin(margin());
    let reach = evaluate(&region, 20).total;
    let band = reach.within_limit_band.unwrap();
    assert_eq!((band.slow, reach.within_limit, band.quick), (1, 1 + 2 + 4, 1 + 2 + 4 + 8));
    assert_eq!(reach.share_band(), Some((1.0 / 31.0, 15.0 / 31.0)));
}

#[test]
fn only_a_verdict_that_an_end_turns_is_not_decided() {
    let verdict = |km: f64| evaluate(&line(&[(0.0, 1)], &[(km, 5)]).with_margin(margin()), 20);
    let over_band = |km: f64| verdict(km).over_band();
    // In time at both ends, as stated only, at the quick end only, nowhere.
    assert_eq!(over_band(15.0), Some(OverBand::Holds));
    assert_eq!(over_band(16.0), Some(OverBand::NotDecided));
    assert_eq!(over_band(25.0), Some(OverBand::NotDecided));
    assert_eq!(over_band(26.0), Some(OverBand::Holds));
    // The verdict and the figure stay those of the times as stated.
    assert_eq!(verdict(16.0).is_met(), Some(true));
    assert_eq!(verdict(25.0).total.within_limit, 0);
}

#[test]
fn without_a_margin_there_is_no_band() {
    let region = line(&[(0.0, 1)], &[(5.0, 1)]).with_margin(None);
    let coverage = evaluate(&region, 20);
    assert_eq!((coverage.total.within_limit_band, coverage.over_band()), (None, None));
    assert!(region.at(BandEnd::Slow).is_none());

    // A model of one's own states none, unless it says so; the crow states what was measured.
    let model = small_model();
    let walk = from_fn("walk", |_, _| Ok(Some(Seconds(600))));
    let hour = Seconds::from_minutes(60);
    let region = Region::with_travel(&model, day(), Arc::new(walk), hour).unwrap();
    assert_eq!(region.margin(), None);
    assert_eq!(Region::new(&model, day()).unwrap().margin(), Some(&Margin::crow_fly()));
}

#[test]
fn a_limit_that_the_margin_alone_uses_up_has_nobody_at_the_slow_end() {
    let margin = Margin::new(0.0, Seconds::from_minutes(30));
    let region = line(&[(0.0, 1), (1.0, 1)], &[(0.0, 5), (3.0, 7)]).with_margin(margin);
    let coverage = evaluate(&region, 20);
    assert_eq!(coverage.total.within_limit_band.unwrap().slow, 0);
    let found = supplement(&region, &provision(20, 1));
    assert!(found.tests.iter().all(|test| test.affected_band.unwrap().slow == 0));
    let free = harmless(&region, &standard(20), Sites::Inside, &Control::default()).unwrap();
    assert_eq!((free.closing.len(), free.over_band), (1, Some(OverBand::Holds)));
}

#[test]
fn nobody_falling_out_may_hang_on_the_roads() {
    // b is 15 minutes from the place, a 19: a's closure puts nobody beyond 20 minutes, and b's neither; at the slow
    // end only b is in time, at the quick end both.
    let region = line(&[(0.0, 1), (34.0, 1)], &[(19.0, 5)]).with_margin(margin());
    let free = harmless(&region, &standard(20), Sites::Inside, &Control::default()).unwrap();
    assert_eq!(region.network()[free.closing[0]].key, "a");
    assert_eq!(free.over_band, Some(OverBand::Holds));
    // The other way round: the first by key is the one that the slow end needs.
    let region = line(&[(34.0, 1), (0.0, 1)], &[(19.0, 5)]).with_margin(margin());
    let free = harmless(&region, &standard(20), Sites::Inside, &Control::default()).unwrap();
    assert_eq!(region.network()[free.closing[0]].key, "a");
    assert_eq!(free.over_band, Some(OverBand::NotDecided));
}

#[test]
fn a_gain_that_the_roads_turn_into_a_loss_is_said() {
    // The hospital moves from km 0 to km 48. p0 is 18 minutes away before and 30 after: 10 people lose. p1 is 70
    // minutes away before and 22 after: 50 people gain at the quick end, where 25 minutes take 20, and not as stated.
    let places = [(18.0, 10), (70.0, 50)];
    let [before, after] = [0.0, 48.0].map(|km| line(&[(km, 1)], &places).with_margin(margin()));
    let change = compare_standard(&before, &after, &standard(20)).unwrap();
    assert_eq!((change.won, change.lost), (0, 10));
    assert_eq!(change.over_band(), Some(OverBand::NotDecided));
    let [then, now] = [&change.before, &change.after].map(|reach| reach.within_limit_band.unwrap());
    assert_eq!((then.quick, now.quick, then.slow, now.slow), (10, 50, 0, 0));
    // Without a margin to speak of the loss is one at both ends.
    let exact = |region: &Region| region.with_margin(Margin::new(0.0, Seconds(0)));
    let change = compare_standard(&exact(&before), &exact(&after), &standard(20)).unwrap();
    assert_eq!(change.over_band(), Some(OverBand::Holds));
}

/// [`line`] with a standard of 20 minutes and a provision of 20 minutes and 5 people, and the margin.
fn line_with_rules(hospitals: &[(f64, u32)], places: &[(f64, u32)]) -> Region {
    let mut catalog = catalog();
    catalog.standards = vec![standard(20)];
    catalog.supplement.provisions = vec![provision(20, 5)];
    let mut builder = NetworkBuilder::new("test", day(), catalog);
    for (&(km, beds), key) in hospitals.iter().zip('a'..) {
        builder = builder.hospital(hospital(&key.to_string(), at(km, 0.0), beds));
    }
    let mut lived_in = Vec::new();
    for (index, &(km, people)) in places.iter().enumerate() {
        lived_in.push(place(&format!("p{index}"), at(km, 0.0), people));
    }
    let model = model_of(builder.build().unwrap(), lived_in);
    Region::new(&model, day()).unwrap().with_margin(margin())
}

#[test]
fn a_place_at_the_limit_is_not_decided_and_one_far_off_holds() {
    // 20 minutes are the limit. 5 minutes take 8 at the slow end, 60 take 48 at the quick one.
    let region = line(&[(0.0, 1)], &[(5.0, 1), (20.0, 3), (60.0, 7)]).with_margin(margin());
    let coverage = evaluate(&region, 20);
    let [near, at_limit, far] = &coverage.places[..] else { panic!("three places") };
    assert_eq!(near.over_band(), Some(OverBand::Holds));
    assert_eq!(at_limit.over_band(), Some(OverBand::NotDecided));
    assert_eq!(far.over_band(), Some(OverBand::Holds));
    let beyond = at_limit.beyond_limit_band().unwrap();
    assert_eq!((at_limit.beyond_limit(), beyond.quick, beyond.slow), (0, 0, 3));
    assert_eq!(far.missed_over_band(), Some(OverBand::Holds));
    assert_eq!((far.is_missed(), at_limit.is_missed()), (true, false));
    assert_eq!(at_limit.missed_over_band(), Some(OverBand::NotDecided));

    // The table of gaps has no row of it, and says so.
    let document = report::coverage(&region, &[coverage], CoverageBy::Gap);
    let told = report::render::json(&document).unwrap();
    assert!(told.contains("Not listed: 1 places with nobody beyond"), "{told}");
    let document = report::coverage(&region, &[evaluate(&region, 20)], CoverageBy::Place);
    let told = report::render::json(&document).unwrap();
    assert!(told.contains("would turn it: p1."), "{told}");
}

#[test]
fn places_without_people_have_no_verdict() {
    let region = line(&[(0.0, 1)], &[(20.0, 0)]).with_margin(margin());
    let place = &evaluate(&region, 20).places[0];
    assert_eq!(
        (place.over_band(), place.missed_over_band(), place.is_missed()),
        (None, None, false)
    );
}

/// Whether and how the verdict on `a` changes, where the other hospital moves; in the law that changes, and in what stays
/// as stated alone. Everybody lives ten minutes from `a`, which is at 0.
fn law_of_a(before_km: f64, after_km: f64) -> (Vec<Option<OverBand>>, usize) {
    let [before, after] =
        [before_km, after_km].map(|km| line_with_rules(&[(0.0, 1), (km, 1)], &[(10.0, 10)]));
    let base = Base::new(&before, &[], Choice::Nearest).unwrap();
    let comparison = base.compare(&after).unwrap();
    let mut changes = Vec::new();
    for change in &comparison.law {
        if change.hospital == "a" {
            changes.push(change.over_band);
        }
    }
    (changes, comparison.law_undecided.len())
}

#[test]
fn a_supplement_before_and_after_takes_the_same_error_on_both_sides() {
    // All ten people of `a` are affected where the other hospital is more than 20 minutes away from them. At km 60 it is
    // 50 minutes away, at the quick end 40: affected. At km 30 it is 20 minutes away: not affected as stated (16 at the
    // quick end), and affected at the slow end (26).
    assert_eq!(law_of_a(30.0, 60.0), (vec![Some(OverBand::NotDecided)], 0));
    // At km 15 it is 5 minutes away and the nearest; `a` endangers nobody at any end until it moves.
    assert_eq!(law_of_a(15.0, 60.0), (vec![Some(OverBand::Holds)], 0));
    // From 20 to 19 minutes: either verdict is not decided, and that it stays is, at each end.
    assert_eq!(law_of_a(30.0, 29.0), (vec![], 0));
    // From 20 to 15 minutes, 20 at the slow end: it stays as stated, and is another one there.
    assert_eq!(law_of_a(30.0, 25.0), (vec![], 1));
    // Two sides that are the same are decided.
    assert_eq!(law_of_a(30.0, 30.0), (vec![], 0));
}

#[test]
fn the_verdicts_of_a_supplement_at_both_ends_are_those_of_the_affected() {
    let region = line_with_rules(&[(0.0, 1), (30.0, 1)], &[(10.0, 10)]);
    let test = &supplement(&region, &provision(20, 5)).tests[0];
    let band = test.verdict_band.unwrap();
    assert_eq!(test.verdict(), SupplementVerdict::Neither);
    assert_eq!(band.quick, SupplementVerdict::Neither);
    assert_eq!(band.slow, SupplementVerdict::Endangered);
    assert_eq!(test.over_band, Some(OverBand::NotDecided));
}

#[test]
fn without_a_margin_a_change_of_the_law_has_no_band() {
    let bare = |km: f64| line_with_rules(&[(0.0, 1), (km, 1)], &[(10.0, 10)]).with_margin(None);
    let base = Base::new(&bare(30.0), &[], Choice::Nearest).unwrap();
    let comparison = base.compare(&bare(60.0)).unwrap();
    assert!(comparison.law_undecided.is_empty());
    for change in &comparison.law {
        assert!(matches!(change.point, LawPoint::Supplement { .. }));
        assert_eq!(change.over_band, None);
    }
    assert!(!comparison.law.is_empty());
}

#[test]
fn a_standard_falls_over_the_band_or_at_an_end_only() {
    let moved = |before_km: f64, after_km: f64| {
        let [before, after] =
            [before_km, after_km].map(|km| line_with_rules(&[(km, 1)], &[(0.0, 10)]));
        CareMoved::between(&before, &after, Choice::Nearest).unwrap()
    };
    // From 5 to 60 minutes: everybody is in time at both ends before, and nobody after.
    let far = moved(5.0, 60.0);
    assert_eq!(far.standards[0].over_band, Some(OverBand::Holds));
    assert_eq!((far.fallen().len(), far.undecided.len()), (1, 0));
    // From 5 to 25 minutes, 20 at the quick end: it falls as stated, and not there.
    let near = moved(5.0, 25.0);
    assert_eq!(near.standards[0].over_band, Some(OverBand::NotDecided));
    assert_eq!(near.undecided, ["s"]);
    // From 5 to 16 minutes, 21 min 12 s at the slow end: nobody is lost as stated, and the standard falls there.
    let only_slow = moved(5.0, 16.0);
    assert!(only_slow.standards.is_empty());
    assert_eq!(only_slow.undecided, ["s"]);
}

#[test]
fn bands_that_overlap_leave_a_difference_decided() {
    let region = Region::leipzig().unwrap();
    let stemi = region.network().catalog().pathway("stemi").unwrap();
    let prepared = Prepared::new(&region, stemi, &[]).unwrap();
    let mut before = prepared.evaluate(&Query::default()).unwrap().targets_over_band().remove(0);
    let mut after = before.clone();
    (before.share, before.share_band) = (Some(0.5), Some(Ends { quick: 0.9, slow: 0.1 }));
    // 10 to 90 % and 20 to 95 %: more are in time at each end.
    (after.share, after.share_band) = (Some(0.6), Some(Ends { quick: 0.95, slow: 0.2 }));
    assert_eq!(in_time_over_band(&before, &after), Some(OverBand::Holds));
    // As many at the slow end.
    after.share_band = Some(Ends { quick: 0.95, slow: 0.1 });
    assert_eq!(in_time_over_band(&before, &after), Some(OverBand::NotDecided));
    // Nothing changes at either end.
    assert_eq!(in_time_over_band(&before, &before), Some(OverBand::Holds));
    after.share_band = None;
    assert_eq!(in_time_over_band(&before, &after), None);
    assert_eq!(before.share_around(), Some((0.1, 0.9)));
}

#[test]
fn bands_of_places_add_up_to_those_of_all() {
    let region = Region::leipzig().unwrap();
    let stemi = region.network().catalog().pathway("stemi").unwrap();
    let prepared = Prepared::new(&region, stemi, &[]).unwrap();
    let outcome = prepared.evaluate(&Query::default()).unwrap();
    let all = outcome.targets_over_band();
    let ends = region.at_ends(|region| outcome.places_in(region));
    let places = PlaceTimes::with_bands(outcome.places(), ends);
    for (number, target) in all.iter().enumerate() {
        let (mut people, mut sums) = (0.0, [0.0; 3]);
        for place in &places {
            let (Some(share), Some(band)) = (place.targets[number], place.target_bands[number])
            else {
                continue;
            };
            people += place.people as f64;
            for (sum, share) in sums.iter_mut().zip([share, band.quick, band.slow]) {
                *sum += share * place.people as f64;
            }
        }
        let band = target.share_band.unwrap();
        for (sum, share) in sums.into_iter().zip([target.share.unwrap(), band.quick, band.slow]) {
            assert!((sum / people - share).abs() < 1e-9, "{number}: {sum} {share}");
        }
    }
}

#[test]
fn every_head_names_the_error_of_the_travel_model() {
    let region = line(&[(0.0, 1)], &[(5.0, 1)]);
    let told = |region: &Region| {
        let document = report::coverage(region, &[evaluate(region, 20)], CoverageBy::Region);
        let mut about = document.about.iter();
        about.find(|(key, _)| *key == "travel_error").unwrap().1.to_string()
    };
    assert_eq!(told(&region.with_margin(margin())), "journeys × 0.8 to × 1.2 and 2m more");
    assert!(told(&region.with_margin(None)).starts_with("not stated"));
}

#[test]
fn a_margin_is_written_and_read_back() {
    let mut model = small_model();
    model.travel.margin = Some(margin().bias(1.1).source("measured on \"42\" journeys"));
    let folder = tempfile::tempdir().unwrap();
    files::write(&model, folder.path()).unwrap();
    let read = Folder::open(folder.path()).read().unwrap();
    assert_eq!(read.travel, model.travel);
    let region = Region::new(&read, day()).unwrap();
    assert_eq!(region.margin(), model.travel.margin.as_ref());
}

#[test]
fn a_margin_out_of_range_is_a_fault_of_a_model_in_code() {
    for (wrong, field) in [
        (Margin::new(f64::NAN, Seconds(0)), "travel.margin.relative"),
        (Margin::new(0.1, Seconds(7201)), "travel.margin.absolute"),
        (margin().bias(0.0), "travel.margin.bias"),
    ] {
        let mut model = small_model();
        model.travel.margin = Some(wrong);
        let message = model.check().unwrap_err().to_string();
        assert!(message.contains(field), "{message}");
    }
}

#[test]
fn what_fails_and_who_is_in_time_hold_over_a_margin_of_nothing() {
    let model = small_model();
    let exact = Region::new(&model, day()).unwrap().with_margin(Margin::new(0.0, Seconds(0)));
    let stroke = exact.network().catalog().pathway("stroke").unwrap();
    let study = Study::new(&exact, &[stroke], &[], Query::default()).unwrap();
    let failures = study.failures_over_band(Seconds(60));
    assert!(!failures.is_empty());
    assert!(failures.iter().all(|failure| failure.over_band == Some(OverBand::Holds)));

    let prepared = Prepared::new(&exact, stroke, &[]).unwrap();
    for target in prepared.evaluate(&Query::default()).unwrap().targets_over_band() {
        let band = target.share_band.unwrap();
        assert_eq!((Some(band.quick), Some(band.slow)), (target.share, target.share));
    }
}

#[test]
fn tables_say_what_the_road_model_does_not_decide() {
    let told = |km: f64| {
        let region = line(&[(0.0, 1)], &[(km, 5)]).with_margin(margin());
        let results = [evaluate(&region, 20)];
        let document = report::coverage(&region, &results, CoverageBy::Region);
        report::render::json(&document).unwrap()
    };
    assert!(told(16.0).contains("Not decided by the road model"));
    assert!(told(16.0).contains("\"over_band\": \"not decided\""), "{}", told(16.0));
    assert!(told(15.0).contains("every verdict here holds"));
    assert!(told(15.0).contains("\"share_if_slow\": 1"), "{}", told(15.0));
}

#[test]
fn the_program_shows_bands_and_words() {
    let printed = |arguments: &[&str]| {
        let output = verbund(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for arguments in [
        &["coverage"][..],
        &["report"],
        &["closures", "--standard", "stroke_unit"],
        &["closures", "--standard", "stroke_unit", "--nobody-beyond"],
        &["rules", "supplement"],
        &["critical", "stroke"],
        &["coverage", "stroke_unit", "--by", "place"],
        &["coverage", "--by", "gap"],
        &["pathway"],
        &["pathway", "stroke"],
        &["pathway", "stroke", "--by", "place"],
        &["compare", "--scenario", "merger-delitzsch-eilenburg"],
        &["compare", "--scenario", "torgau-internal-closed", "--by", "law"],
        &["compare", "merger-delitzsch-eilenburg", "schkeuditz-closed"],
        &["rules", "groups", "--unlock"],
    ] {
        // As JSON: text is broken into lines where the screen ends.
        let text = printed(&[arguments, &["--format", "json"]].concat());
        let is_told = text.contains("ecided by the road model") || text.contains("Over the band");
        assert!(is_told, "{arguments:?}: {text}");
    }
    let text = printed(&["pathway", "stroke", "--format", "json"]);
    assert!(text.contains("\"share_if_slow\""), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_band_is_what_slower_and_quicker_journeys_give(
        region in any_region(),
        minutes in 1_u32..90,
        relative in 0.0..0.6,
        absolute in 0_u32..600,
        bias in 0.7..1.4,
    ) {
        let region = region.with_margin(Margin::new(relative, Seconds(absolute)).bias(bias));
        let coverage = evaluate(&region, minutes);
        let found = supplement(&region, &provision(minutes, 1000));
        for end in BandEnd::BOTH {
            let at = |band: coverage::Band| if end == BandEnd::Quick { band.quick } else { band.slow };
            // The second way: every journey changed.
            let moved = region.at(end).unwrap();
            let one_by_one = region.margin().cloned().unwrap();
            let one_by_one = region.with_journeys(|_, _, time| Some(one_by_one.time(end, time)));
            prop_assert_eq!(moved.times(), one_by_one.times());
            let there = evaluate(&moved, minutes);
            prop_assert_eq!(at(coverage.total.within_limit_band.unwrap()), there.total.within_limit);
            for (reach, there) in coverage.districts.iter().zip(&there.districts) {
                let band = reach.reach.within_limit_band.unwrap();
                prop_assert_eq!(at(band), there.reach.within_limit);
            }
            for one in &coverage.catchments {
                let there = there.catchments.iter().find(|there| there.hospital == one.hospital);
                let newly = there.map_or(0, |there| there.newly_beyond_if_closed);
                prop_assert_eq!(at(one.newly_beyond_band.unwrap()), newly);
            }
            let there = supplement(&moved, &provision(minutes, 1000));
            for (one, there) in found.tests.iter().zip(&there.tests) {
                prop_assert_eq!(at(one.affected_band.unwrap()), there.affected);
            }
        }
    }
}
