//! When patients come and go: what hours, weekdays, seasons, holidays and weekends change, and in which direction.

use verbund::Region;
use verbund::calendar::HourOfWeek;
use verbund::model::*;
use verbund::queueing::Outcome;
use verbund::run::Control;
use verbund::simulation::{
    Figure, FlowIndex, Outliers, PatientFlow, Rhythm, RunPlan, Scope, Season, Settings,
    SimulationError, TheatreDays, simulate,
};

use crate::flow_world::*;

/// So many cases a year of "s", ten days each, for one hospital of so many beds, and of "t" two fifths of them for its
/// other ward of two fifths of the beds; half of them are emergencies.
fn two_specialties(beds: u32, cases: u32) -> Region {
    let mut world = World::new(&[(0.0, beds)], &[(-1.0, cases)]).cases(10.0, 0.5);
    let mut rate = world.catalog.demand.rates[0].clone();
    (rate.specialty, rate.per_1000) = ("t".into(), 400.0);
    world.catalog.demand.rates.push(rate);
    let hospital = &mut world.hospitals[0];
    hospital.departments.push(Department::new("t").beds(beds * 2 / 5));
    hospital.beds = Some(beds + beds * 2 / 5);
    world.region()
}

/// Nothing but arrivals, beds and stays that scatter; no ward helps another one.
fn scattered() -> Settings {
    let outliers = Outliers { most_share: 0.0, ..Outliers::default() };
    plain().stay_cv(1.0).outliers(outliers).starts_full(true)
}

/// Mean of a figure inside over some replications, by settings.
fn means(region: &Region, settings: &[Settings], figures: &[Figure]) -> Vec<Vec<f64>> {
    let flows: Vec<PatientFlow<'_>> =
        settings.iter().map(|settings| flow(region, settings)).collect();
    let plan = RunPlan { replications: 10, ..RunPlan::default() };
    let results = simulate(&flows, plan, &Control::default());
    let mean = |number: usize, figure: &Figure| {
        results.interval(FlowIndex(number), *figure, Scope::Inside).unwrap().mean
    };
    (0..flows.len())
        .map(|number| figures.iter().map(|figure| mean(number, figure)).collect())
        .collect()
}

#[test]
fn a_season_brings_as_many_patients_and_more_of_them_without_a_bed() {
    // 40 beds for 1,170 cases a year of ten days: 32 at a time, 80 %.
    let region = two_specialties(40, 1170);
    let seasons = vec![Season::winter(["s"], 0.2), Season::summer(["t"], 0.2)];
    let with = scattered().rhythm(Rhythm { seasons, ..Rhythm::even() });
    let figures = [Figure::Admissions, Figure::Forced, Figure::Waited, Figure::WaitingDays];
    let means = means(&region, &[scattered(), with], &figures);
    let (even, season) = (&means[0], &means[1]);
    assert!((season[0] / even[0] - 1.0).abs() < 0.02, "{} and {} come", even[0], season[0]);
    let forced = season[1] / even[1] - 1.0;
    assert!((0.1..0.6).contains(&forced), "{forced} more are forced");
    // Days of all who waited.
    let days = season[2] * season[3] / (even[2] * even[3]) - 1.0;
    assert!((0.25..3.0).contains(&days), "{days} more days of waiting");
}

/// Occupied beds inside on average, in the hours of the week for which it holds.
fn census(flow: &PatientFlow<'_>, is_meant: impl Fn(HourOfWeek) -> bool) -> f64 {
    let flows = std::slice::from_ref(flow);
    let plan = RunPlan { replications: 5, ..RunPlan::default() };
    let results = simulate(flows, plan, &Control::default());
    let by_hour = results.census_by_hour(FlowIndex::BASE, Scope::Inside);
    let (mut sum, mut count) = (0.0, 0.0);
    for (hour, beds) in HourOfWeek::all().zip(by_hour) {
        if is_meant(hour) {
            sum += beds;
            count += 1.0;
        }
    }
    sum / count
}

#[test]
fn with_discharges_by_day_weekends_are_emptier_and_afternoons_than_mornings() {
    let region = two_specialties(60, 1170);
    let elective = Settings::default().elective_hours;
    let settings = scattered().elective_hours(elective);
    let with = flow(&region, &settings.clone().rhythm(Rhythm::default()));
    let weekend = census(&with, |hour| hour.day() == 6);
    let week = census(&with, |hour| (1..4).contains(&hour.day()));
    assert!(weekend < week - 0.5, "Sundays {weekend}, Tuesdays to Thursdays {week} beds");
    // Those who go have gone by the evening; round the clock nobody would be missing then.
    let of_weekdays = |at: usize| move |hour: HourOfWeek| hour.day() < 5 && hour.hour() == at;
    let (morning, evening) = (census(&with, of_weekdays(7)), census(&with, of_weekdays(18)));
    let even = flow(&region, &settings);
    let (even_morning, even_evening) =
        (census(&even, of_weekdays(7)), census(&even, of_weekdays(18)));
    assert!(
        evening - morning < even_evening - even_morning - 0.5,
        "{morning} to {evening}, round the clock {even_morning} to {even_evening}"
    );
    // Stays are as long as they were: hours aside.
    let always = |_: HourOfWeek| true;
    let (beds, even_beds) = (census(&with, always), census(&even, always));
    assert!((beds / even_beds - 1.0).abs() < 0.02, "{beds} and {even_beds} beds");
}

#[test]
fn the_region_is_emptier_on_weekend_mornings_than_on_those_of_working_days() {
    let region = Region::leipzig().unwrap();
    let flow = flow(&region, &Settings::default().days(182));
    let flows = std::slice::from_ref(&flow);
    let plan = RunPlan { replications: 2, ..RunPlan::default() };
    let results = simulate(flows, plan, &Control::default());
    let by_hour = results.census_by_hour(FlowIndex::BASE, Scope::Inside);
    let morning = |day: usize| by_hour[day * 24 + 7];
    let week = (0..5).map(morning).sum::<f64>() / 5.0;
    let weekend = f64::midpoint(morning(5), morning(6));
    assert!(weekend < week - 50.0, "{weekend} beds at weekends, {week} on working days");
    // What was published of four hospitals says the same: from more admissions than discharges from Monday to Thursday
    // and fewer from Friday on, the most are there on Thursday evenings and the fewest at weekends: there on Sunday
    // evenings, here on Saturday evenings as well, as elective patients come on Sunday afternoons (assumed).
    let evening = |day: usize| by_hour[(day * 24 + 24) % 168];
    let on_weekend = evening(5).max(evening(6));
    for day in 0..5 {
        assert!(evening(3) >= evening(day), "the night behind day {day}");
        assert!(on_weekend < evening(day), "the night behind day {day}");
    }
}

#[test]
fn discharges_by_day_come_near_those_that_were_published() {
    // Conti 2003, of 40,563 in four hospitals, per cent from Monday on.
    let published = [14.3, 14.2, 14.4, 15.3, 17.5, 13.0, 11.2];
    let region = Region::leipzig().unwrap();
    let flow = flow(&region, &Settings::default().days(182));
    let trace = Trace::of(&flow);
    let start = f64::from(flow.model().starts_at_hour);
    let (mut by_day, mut all) = ([0.0; 7], 0.0);
    for visit in &trace.visits {
        if visit.outcome == Outcome::Left && visit.went >= flow.model().warm_up {
            let day = (start + visit.went * 24.0) / 24.0;
            by_day[day as usize % 7] += 1.0;
            all += 1.0;
        }
    }
    for (day, published) in published.into_iter().enumerate() {
        let simulated: f64 = 100.0 * by_day[day] / all;
        assert!((simulated - published).abs() < 1.5, "day {day}: {simulated} for {published} %");
    }
}

#[test]
fn patients_go_home_in_the_hours_and_days_of_discharges() {
    let region = two_specialties(60, 1170);
    let mut days = [1.0; 7];
    days[6] = 0.0;
    let rhythm = Rhythm { discharge_days: days, ..Rhythm::default() };
    let flow = flow(&region, &scattered().rhythm(rhythm));
    let trace = Trace::of(&flow);
    let start = f64::from(flow.model().starts_at_hour);
    let mut went = 0;
    for visit in &trace.visits {
        let Some(ended) = visit.ended else { continue };
        let hour = (start + ended * 24.0) % 168.0;
        assert!(hour < 144.0, "nobody goes on a Sunday, but at {hour}");
        assert!((8.0..19.0).contains(&(hour % 24.0)), "{hour}");
        went += 1;
    }
    assert!(went > 1000, "{went} went");
}

#[test]
fn elective_patients_stay_away_on_holidays_and_come_on_their_theatre_days() {
    let region = two_specialties(60, 1170);
    let tuesdays =
        TheatreDays { specialties: vec!["t".into()], hours: "Tue 7-15".parse().unwrap() };
    let rhythm =
        Rhythm { elective_on_holidays: 0.0, theatre_days: vec![tuesdays], ..Rhythm::even() };
    let flow = flow(&region, &scattered().warm_up_days(31).rhythm(rhythm));
    let trace = Trace::of(&flow);
    let start = f64::from(flow.model().starts_at_hour);
    // From 24 December to New Year's Day: the days that are counted begin with it.
    let away = trace.time("2025-12-24 00:00")..trace.time("2026-01-02 00:00");
    let easter = trace.time("2026-04-03 00:00")..trace.time("2026-04-07 00:00");
    let (mut of_t, mut elective) = (0, 0);
    for visit in &trace.visits {
        if !trace.class(visit).ends_with("/elective") || trace.stream(visit) == "start/" {
            continue;
        }
        elective += 1;
        let came = visit.came;
        assert!(!away.contains(&came) && !easter.contains(&came), "at {came}");
        if trace.class(visit).starts_with("t/") {
            of_t += 1;
            assert!((31.0..39.0).contains(&((start + came * 24.0) % 168.0)), "at {came}");
        }
    }
    // As many in a year as without: 585 and 234, and a month before.
    assert!(of_t > 150 && elective > 600, "{of_t} of {elective}");
}

#[test]
fn closed_beds_at_weekends_leave_more_without_a_bed() {
    let region = two_specialties(40, 1170);
    let with = scattered().rhythm(Rhythm { weekend_beds: 0.8, ..Rhythm::even() });
    let shifts = |settings: &Settings| flow(&region, settings).model().stations[0].shifts.clone();
    assert!(shifts(&scattered()).is_empty());
    let closed = &shifts(&with)[0];
    assert_eq!((closed.servers, closed.hours.open_hours()), (32, 48));
    let means = means(&region, &[scattered(), with], &[Figure::Forced, Figure::FullShare]);
    assert!(means[1][0] > 1.2 * means[0][0], "{means:?}");
    assert!(means[1][1] > means[0][1], "{means:?}");
}

#[test]
fn staff_is_missing_in_small_wards_too() {
    // A ward of four beds of which a twentieth is missing: rounded, none ever would be.
    let region = two_specialties(10, 365);
    let settings = scattered().staffed_share(0.95).absence_cv(0.25);
    let flow = flow(&region, &settings);
    let run =
        verbund::queueing::Simulator::new(flow.model()).unwrap().run(verbund::random::Seed(1), 0);
    for (station, beds) in run.stations.iter().zip([10.0, 4.0]) {
        let share = station.servers_area / run.window / beds;
        assert!((share - 0.95).abs() < 0.02, "{share} of {beds} beds");
    }
}

#[test]
fn rates_that_sum_to_zero_and_shares_out_of_range_are_named() {
    let region = two_specialties(10, 365);
    let season = Season { specialties: vec!["s".into(), "t".into()], months: [0.0; 12] };
    let mut rhythm = Rhythm { seasons: vec![season], weekend_beds: 0.0, ..Rhythm::default() };
    rhythm.discharge_days[2] = -1.0;
    rhythm.emergency_days = [0.0; 7];
    let settings = Settings::default().rhythm(rhythm);
    let Err(SimulationError::Problems(problems)) = PatientFlow::new(&region, &settings, None)
    else {
        panic!("it should not run")
    };
    let lines: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "settings, field rhythm.discharge_days: [1.0,1.0,-1.0,1.1,1.2,0.9,0.75]; expected 7 rates of 0 or more, one of them above 0",
            "settings, field rhythm.emergency_days: [0.0,0.0,0.0,0.0,0.0,0.0,0.0]; expected 7 rates of 0 or more, one of them above 0",
            "settings, field rhythm.weekend_beds: 0; expected 0.01 to 1",
            "settings, field rhythm.seasons.s, t: 12 rates that sum to zero; expected one rate above 0",
        ]
    );
}
