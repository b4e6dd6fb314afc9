//! Who gains and who loses on random networks, against everybody counted one by one.

use std::cell::Cell;

use verbund::comparison::{ClockShift, Shift, pathway_shift};
use verbund::pathways::*;

use super::on_networks;

/// Both together.
fn sum<'s>(shifts: impl Iterator<Item = &'s Shift>) -> Shift {
    shifts.fold(Shift::default(), |sum, shift| sum.and(*shift))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

fn same(a: &Shift, b: &Shift) -> bool {
    let whole = |shift: &Shift| {
        [shift.sooner, shift.later].map(|moved| (moved.people_millionths, moved.seconds_millionths))
    };
    whole(a) == whole(b)
        && near(a.sooner.case_seconds, b.sooner.case_seconds)
        && near(a.new_in_time, b.new_in_time)
        && near(a.no_longer_in_time, b.no_longer_in_time)
        && near(a.new_way, b.new_way)
        && near(a.without_way, b.without_way)
}

/// Districts and places sum up to all, and who comes less who goes is the change of who is there.
fn check_clock(clock: &ClockShift) {
    let all = &clock.all;
    let districts = sum(clock.districts.iter().map(|district| &district.shift));
    let places = sum(clock.places.iter().map(|place| &place.shift));
    assert!(same(&all.shift, &districts), "{all:?} {districts:?}");
    assert!(same(&all.shift, &places), "{all:?} {places:?}");
    assert!(near(
        all.after.with_way - all.before.with_way,
        all.shift.new_way - all.shift.without_way
    ));
    if all.shift.new_way == 0.0 && all.shift.without_way == 0.0 {
        let total = |served: &verbund::comparison::Served| {
            served.with_way * served.mean_seconds.unwrap_or(0.0)
        };
        let net = all.shift.net_seconds_millionths() as f64 / 1e6;
        assert!(near(total(&all.before) - total(&all.after), net), "{all:?}");
    }
}

#[test]
fn winners_less_losers_are_the_change_of_the_total() {
    let (checked, moved, one_sided) = (Cell::new(0), Cell::new(0), Cell::new(0));
    on_networks(3000, |world, dice| {
        let region = world.region();
        let after = dice.one_in(3).then(|| {
            // Another network of the same places.
            let mut hospitals = world.model.network.hospitals().to_vec();
            if hospitals.len() > 1 {
                let gone = hospitals.remove(dice.below(hospitals.len()));
                let cooperations = world.model.network.cooperations().iter();
                let left = cooperations.filter(|one| !one.parties.keys().contains(&&*gone.key));
                let flying = world.model.network.catalog().first_leg.helicopter.hours;
                let mut rebuilt = world.rebuilt(hospitals, left.cloned().collect(), flying);
                if let Some(rows) = &mut rebuilt.model.travel_times {
                    rows.retain(|row| *row.hospital != *gone.key);
                }
                rebuilt.region()
            } else {
                world.region()
            }
        });
        let new = after.as_ref().unwrap_or(&region);
        let pathway = &region.network().catalog().pathways[0];
        let new_pathway = &new.network().catalog().pathways[0];
        let before = Prepared::even_if_unmet(&region, pathway, &[]).unwrap();
        // In the other network hospitals of added ones may be gone.
        let added = if after.is_some() { &[][..] } else { &world.added[..] };
        let with = Prepared::even_if_unmet(new, new_pathway, added).unwrap();
        let protocol = [Protocol::Free, Protocol::NearestDoor, Protocol::DirectToCentre];
        let when = [When::Week, When::Night, When::At(world.moment)][dice.below(3)];
        let query = Query::default().protocol(protocol[dice.below(3)]).when(when);
        let outcomes = (before.evaluate(&query).unwrap(), with.evaluate(&query).unwrap());
        let shift = pathway_shift(&outcomes.0, &outcomes.1);
        assert_eq!(shift.clocks.len(), pathway.stages.len() + pathway.targets.len());
        for clock in &shift.clocks {
            check_clock(clock);
        }
        // Shares in time and people without a way, by the figures of both outcomes.
        let targets = outcomes.0.targets().into_iter().zip(outcomes.1.targets());
        for ((old, new), clock) in targets.zip(&shift.clocks[pathway.stages.len()..]) {
            let (Some(then), Some(now)) = (old.share, new.share) else { continue };
            let people = new.people as f64;
            let change = clock.all.shift.new_in_time - clock.all.shift.no_longer_in_time;
            assert!(near((now - then) * people, change), "{clock:?} {then} {now}");
            assert!(near(clock.all.after.share_in_time.unwrap(), now));
        }
        let stages = outcomes.0.stages().into_iter().zip(outcomes.1.stages()).skip(1);
        for ((old, new), clock) in stages.zip(&shift.clocks) {
            let lost = clock.all.shift.without_way - clock.all.shift.new_way;
            assert!(near(new.without_way - old.without_way, lost), "{clock:?}");
        }
        // The last stage, one after the other, where all call at one moment.
        if matches!(when, When::At(_)) {
            let people = outcomes.1.people();
            let (mut net, mut sooner, mut later, mut ways) = (0_i128, 0_u64, 0_u64, (0.0, 0.0));
            for (old, new) in outcomes.0.objective_times().zip(outcomes.1.objective_times()) {
                let weight = u64::from(people[new.part]);
                match (old.time, new.time) {
                    (Some(old), Some(new)) => {
                        let saved = i128::from(old.0) - i128::from(new.0);
                        net += saved * i128::from(weight) * 1_000_000;
                        sooner += u64::from(saved > 0) * weight * 1_000_000;
                        later += u64::from(saved < 0) * weight * 1_000_000;
                    }
                    (None, Some(_)) => ways.0 += weight as f64,
                    (Some(_), None) => ways.1 += weight as f64,
                    (None, None) => {}
                }
            }
            let last = shift.clocks[pathway.stages.len() - 1].all.shift;
            assert_eq!(last.net_seconds_millionths(), net);
            assert_eq!(last.sooner.people_millionths, sooner);
            assert_eq!(last.later.people_millionths, later);
            assert_eq!((last.new_way, last.without_way), ways);
        }
        checked.set(checked.get() + 1);
        let all = &shift.clocks[pathway.stages.len() - 1].all.shift;
        moved.set(moved.get() + u32::from(all.net_seconds_millionths() != 0));
        one_sided.set(one_sided.get() + u32::from(all.new_way + all.without_way > 0.0));
        // From an outcome to itself nobody moves.
        let same = pathway_shift(&outcomes.1, &outcomes.1);
        assert!(same.clocks.iter().all(|clock| clock.all.shift.is_nothing()));
    });
    let (checked, moved, one_sided) = (checked.get(), moved.get(), one_sided.get());
    println!(
        "{checked} pairs, {moved} in which somebody moves, {one_sided} with ways gained or lost"
    );
    assert!(moved > 100 && one_sided > 100, "{moved} {one_sided}");
}
