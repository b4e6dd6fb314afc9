//! Small deterministic models, event by event, worked out by hand.

use super::*;

fn at(times: &[f64]) -> Arrivals {
    Arrivals::Replay(times.to_vec())
}

fn fixed(key: &str, servers: u32, length: f64) -> Station {
    station(key, servers, Distribution::Deterministic(length))
}

fn alternate(to: &str) -> Alternate {
    Alternate { to: to.into(), ..Alternate::default() }
}

fn change(at: f64, station: &str, change: ChangeKind) -> Change {
    Change { at, station: station.into(), change }
}

fn model(horizon: f64, stations: Vec<Station>, streams: Vec<ArrivalStream>) -> Model {
    Model { horizon, stations, streams, ..Model::default() }
}

/// Each visit as `station came-started-ended-went outcome`, by when the customer came, then by
/// station, then in the order of the ends.
fn lines(model: &Model) -> (Run, Vec<String>) {
    let (run, mut visits) = trace(model, 1, 0);
    visits.sort_by(|a, b| a.came.total_cmp(&b.came).then(a.station.cmp(&b.station)));
    let line = |visit: &Visit| {
        let known = |time: Option<f64>| time.map_or("?".to_owned(), |time| time.to_string());
        let (started, ended) = (known(visit.started), known(visit.ended));
        let key = &model.stations[visit.station as usize].key;
        let forced = if visit.forced { " forced" } else { "" };
        format!("{key} {}-{started}-{ended}-{} {:?}{forced}", visit.came, visit.went, visit.outcome)
    };
    (run, visits.iter().map(line).collect())
}

fn is(model: &Model, expected: &[&str]) -> Run {
    let (run, lines) = lines(model);
    assert_eq!(lines, expected);
    run
}

#[test]
fn one_server_serves_one_after_the_other() {
    // At 2 the first ends before the third arrives, so the second starts and the third waits.
    let own = model(5.0, vec![fixed("a", 1, 2.0)], vec![stream("s", at(&[0.0, 1.0, 2.0]), "a")]);
    let run = is(&own, &["a 0-0-2-2 Left", "a 1-2-4-4 Left", "a 2-4-?-5 Present"]);
    let a = &run.stations[0];
    assert_eq!((a.started, a.waited, a.waiting_time), (3, 2, 3.0));
    assert_eq!((a.busy_area, a.queue_area, a.full_time), (5.0, 3.0, 5.0));
    assert_eq!(a.time_at, [0.0, 5.0]);
    assert_eq!((a.came, a.went, a.at_start, a.at_end), (3, 2, 0, 1));
    assert_eq!((a.asked, a.admitted, a.lost, a.left), (3, 3, 0, 2));
    assert_eq!(run.window, 5.0);

    // From 1.5 on: two are there; 0.5 + 2.5 + 3 = 6 of time, 3.5 in service and 2.5 waiting.
    let late = trace(&Model { warm_up: 1.5, ..own }, 1, 0).0;
    let a = &late.stations[0];
    assert_eq!((a.at_start, a.came, a.went, a.at_end), (2, 1, 2, 1));
    assert_eq!((a.busy_area, a.queue_area, a.customer_time), (3.5, 2.5, 6.0));
    assert_eq!(late.window, 3.5);
}

#[test]
fn the_waiting_room_and_what_happens_when_it_is_full() {
    // One server of 10, room for one. Wait: the third is lost. Leave: the second is. Force: nobody is.
    let with = |when_full| {
        let mut a = fixed("a", 1, 10.0);
        a.waiting_room = WaitingRoom::Finite(1);
        let mut own = model(50.0, vec![a], vec![stream("s", at(&[0.0, 1.0, 2.0]), "a")]);
        own.streams[0].kinds[0].when_full = when_full;
        own
    };
    let wait =
        is(&with(WhenFull::Wait), &["a 0-0-10-10 Left", "a 1-10-20-20 Left", "a 2-?-?-2 Lost"]);
    assert_eq!((wait.streams[0].queued, wait.streams[0].lost, wait.streams[0].at_first), (1, 1, 1));
    is(&with(WhenFull::Leave), &["a 0-0-10-10 Left", "a 1-?-?-1 Lost", "a 2-?-?-2 Lost"]);
    let force = is(
        &with(WhenFull::Force),
        &["a 0-0-10-10 Left", "a 1-1-11-11 Left forced", "a 2-2-12-12 Left forced"],
    );
    assert_eq!((force.stations[0].forced, force.streams[0].forced), (2, 2));
    // One from 0 to 1 and 11 to 12, two from 1 to 2 and 10 to 11, three from 2 to 10.
    assert_eq!(force.stations[0].time_at, [38.0, 2.0, 2.0, 8.0]);
}

#[test]
fn forced_customers_count_against_the_servers_until_they_go() {
    // Two stations of one server and 5: at 2 both are full, so the third is forced into the first. At 5
    // one leaves, but the forced one holds the server: the fourth is forced as well. At 6.5 the second
    // station is free again.
    let mut own = model(
        20.0,
        vec![fixed("a", 1, 5.0), fixed("b", 1, 5.0)],
        vec![stream("s", at(&[0.0, 1.0, 2.0, 5.5, 6.5]), "a")],
    );
    own.streams[0].kinds[0].when_full = WhenFull::Force;
    own.streams[0].kinds[0].preferences[0].then = vec!["b".into()];
    let run = is(
        &own,
        &[
            "a 0-0-5-5 Left",
            "b 1-1-6-6 Left",
            "a 2-2-7-7 Left forced",
            "a 5.5-5.5-10.5-10.5 Left forced",
            "b 6.5-6.5-11.5-11.5 Left",
        ],
    );
    let a = &run.stations[0];
    assert_eq!(
        (a.asked, a.admitted, a.diverted, a.forced, run.stations[1].received),
        (5, 3, 2, 2, 2)
    );
}

#[test]
fn alternates_have_an_order_a_limit_and_a_time() {
    // The first alternate takes one at a time until 10, the second from 5 on; then comes d.
    let mut a = fixed("a", 1, 100.0);
    a.alternates = vec![
        Alternate { at_most: Some(1), until: Some(10.0), ..alternate("b") },
        Alternate { from: Some(5.0), ..alternate("c") },
    ];
    let stations = vec![a, fixed("b", 5, 4.0), fixed("c", 5, 1.0), fixed("d", 1, 10.0)];
    let times = at(&[0.0, 1.0, 2.0, 3.0, 5.0, 6.0, 9.0, 10.0]);
    let mut own = model(15.0, stations, vec![stream("s", times, "a")]);
    own.streams[0].kinds[0].preferences[0].then = vec!["d".into()];
    own.streams[0].kinds[0].when_full = WhenFull::Leave;
    let run = is(
        &own,
        &[
            "a 0-0-?-15 Present",
            "b 1-1-5-5 Left",
            "d 2-2-12-12 Left",
            "a 3-?-?-3 Lost",
            "b 5-5-9-9 Left", // the one before ended at 5, before the arrival
            "c 6-6-7-7 Left",
            "b 9-9-13-13 Left",
            "c 10-10-11-11 Left",
        ],
    );
    assert_eq!((run.alternates[0].used, run.alternates[1].used), (3, 2));
    let a = &run.stations[0];
    assert_eq!((a.asked, a.admitted, a.diverted, a.lost), (8, 1, 6, 1));
}

#[test]
fn ways_of_a_group_share_their_limit_and_services_are_longer_there() {
    // b takes one customer of a and c together, those of a half as long again and only without an appointment.
    let help = |to| Alternate { at_most: Some(1), group: "g".into(), ..alternate(to) };
    let at_site = |own: Station| Station { site: Some("x".into()), ..own };
    let mut a = at_site(fixed("a", 1, 100.0));
    a.alternates =
        vec![Alternate { extra: 0.5, without_appointment: true, only_full: true, ..help("b") }];
    let mut c = at_site(fixed("c", 1, 100.0));
    c.alternates = vec![help("b")];
    let mut d = fixed("d", 2, 1.0);
    let on = Branch { alternates: true, when_full: WhenFull::Force, ..branch(1.0, "a") };
    d.routes = route(vec![on]);
    let stations = vec![a, at_site(fixed("b", 3, 4.0)), c, d];
    let mut streams = vec![
        stream("s", at(&[0.0, 1.0, 2.0]), "a"),
        stream("t", at(&[0.5, 1.5, 9.0]), "c"),
        stream("p", at(&[8.0]), "a"),
        stream("u", at(&[14.0, 16.0]), "d"),
    ];
    for own in &mut streams {
        own.kinds[0].when_full = WhenFull::Leave;
    }
    streams[2].kinds[0].by_appointment = true;
    let run = is(
        &model(20.0, stations, streams),
        &[
            "a 0-0-?-20 Present",
            "c 0.5-0.5-?-20 Present",
            "b 1-1-7-7 Left",
            "c 1.5-?-?-1.5 Lost",
            "a 2-?-?-2 Lost",
            "a 8-?-?-8 Lost",
            "b 9-9-13-13 Left", // for those of c, services are no longer
            "d 14-14-15-15 Moved",
            "b 15-15-?-20 Present",
            "d 16-16-17-17 Moved",
            "a 17-17-?-20 Present forced",
        ],
    );
    let used: Vec<(u64, u64)> = run.alternates.iter().map(|own| (own.used, own.moved)).collect();
    assert_eq!(used, [(2, 1), (1, 0)]);
    // At 1.5, 2 and 17 b has a free server; who has an appointment at 8 is not counted.
    let beside: Vec<u64> = run.stations.iter().map(|own| own.free_beside).collect();
    assert_eq!(beside, [2, 0, 1, 0]);
}

#[test]
fn a_station_that_diverts_sends_nobody_where_only_a_full_one_does() {
    // Both of the others are free all the time; a diverts from 1 to 3.
    let mut a = fixed("a", 1, 1.5);
    a.alternates = vec![Alternate { only_full: true, ..alternate("b") }];
    let stations = vec![a, fixed("b", 5, 1.0), fixed("c", 5, 1.0)];
    let mut own = model(10.0, stations, vec![stream("s", at(&[0.0, 0.5, 2.0, 4.0]), "a")]);
    own.streams[0].kinds[0].preferences[0].then = vec!["c".into()];
    own.changes = vec![change(1.0, "a", ChangeKind::Divert), change(3.0, "a", ChangeKind::Open)];
    is(
        &own,
        &["a 0-0-1.5-1.5 Left", "b 0.5-0.5-1.5-1.5 Left", "c 2-2-3-3 Left", "a 4-4-5.5-5.5 Left"],
    );
}

#[test]
fn alternates_and_branches_hold_in_their_hours() {
    // From Monday 0:00 on: b takes who finds a full until 2:00 and from 24:00 to 26:00 on Tuesday.
    // Who leaves a from 4 to 8 goes on to c; who leaves it at other times takes the rest, out.
    let mut a = fixed("a", 1, 3.0);
    let early = "Mon-Tue 0-2".parse().unwrap();
    a.alternates = vec![Alternate { hours: early, ..alternate("b") }];
    a.routes = route(vec![Branch { hours: "Mon 4-8".parse().unwrap(), ..branch(1.0, "c") }]);
    let stations = vec![a, fixed("b", 5, 1.0), fixed("c", 5, 1.0)];
    let times = at(&[0.0, 1.0, 2.0, 4.0, 5.0, 24.0, 25.75, 26.0]);
    let mut own = model(30.0, stations, vec![stream("s", times, "a")]);
    own.streams[0].kinds[0].when_full = WhenFull::Leave;
    let run = is(
        &own,
        &[
            "a 0-0-3-3 Left",
            "b 1-1-2-2 Left",
            "a 2-?-?-2 Lost",
            "a 4-4-7-7 Moved",
            "a 5-?-?-5 Lost",
            "c 7-7-8-8 Left",
            "a 24-24-27-27 Left",
            "b 25.75-25.75-26.75-26.75 Left",
            "a 26-?-?-26 Lost",
        ],
    );
    assert_eq!((run.alternates[0].used, run.branches[0].taken), (2, 1));
    // Shares count hour by hour: two of 0.6 fit when their hours do not meet.
    let two = |hours: &str| {
        let late = Branch { hours: hours.parse().unwrap(), ..branch(0.6, "b") };
        let early = Branch { hours: "Mon 0-8".parse().unwrap(), ..branch(0.6, "c") };
        let mut own = own.clone();
        own.stations[0].routes = route(vec![early, late]);
        own.check().list().len()
    };
    assert_eq!((two("Mon 8-16"), two("Mon 7-16")), (0, 1));
}

#[test]
fn who_finds_the_next_station_full_keeps_the_server() {
    let mut a = fixed("a", 1, 1.0);
    a.routes = route(vec![branch(1.0, "b")]);
    let b = Station { waiting_room: WaitingRoom::None, ..fixed("b", 1, 3.0) };
    let mut own = model(20.0, vec![a, b], vec![stream("s", at(&[0.0, 1.0, 2.0]), "a")]);
    let run = is(
        &own,
        &[
            "a 0-0-1-1 Moved",
            "a 1-1-2-4 Moved",
            "b 1-1-4-4 Left",
            "a 2-4-5-7 Moved",
            "b 4-4-7-7 Left",
            "b 7-7-10-10 Left",
        ],
    );
    assert_eq!((run.stations[0].blocked, run.stations[0].blocked_area), (2, 4.0));
    assert_eq!((run.stations[0].queue_area, run.stations[0].busy_area), (2.0, 7.0));
    assert_eq!((run.branches[0].taken, run.branches[0].found_full), (3, 2));

    // With room for one before b, the second waits there and its server goes to the third at once.
    // The third finds the room full and is blocked; the server goes to who is blocked first.
    own.stations[1].waiting_room = WaitingRoom::Finite(1);
    is(
        &own,
        &[
            "a 0-0-1-1 Moved",
            "a 1-1-2-2 Moved",
            "b 1-1-4-4 Left",
            "a 2-2-3-4 Moved", // room full from 2 to 4: blocked from 3 to 4
            "b 2-7-10-10 Left",
            "b 4-4-7-7 Left",
        ],
    );
}

#[test]
fn a_branch_says_what_happens_when_all_are_full() {
    let with = |when_full, then: &[&str], class| {
        let mut a = fixed("a", 1, 1.0);
        a.service = None;
        let then = then.iter().map(|key| (*key).to_owned()).collect();
        a.routes = route(vec![Branch { when_full, then, class, ..branch(1.0, "b") }]);
        let stations = vec![a, fixed("b", 1, 3.0), fixed("c", 1, 3.0)];
        let mut own = model(20.0, stations, vec![stream("s", at(&[0.0, 1.0]), "a")]);
        own.stations[0].service = Some(Distribution::Deterministic(1.0));
        own.classes = vec![Class { key: "k".into(), ..Class::default() }];
        own.classes.push(Class {
            key: "stays".into(),
            service: Some(Distribution::Deterministic(0.75)),
            ..Class::default()
        });
        own.streams[0].kinds[0].class = Some("k".into());
        own
    };
    let first = ["a 0-0-1-1 Moved", "a 1-1-2-2 Moved", "b 1-1-4-4 Left"];
    let leave = is(
        &with(WhenFull::Leave, &[], None),
        &["a 0-0-1-1 Moved", "a 1-1-2-2 Left", "b 1-1-4-4 Left"],
    );
    assert_eq!(leave.stations[0].left, 1);
    is(&with(WhenFull::Leave, &["c"], None), &[&first[..], &["c 2-2-5-5 Left"]].concat());
    is(&with(WhenFull::Wait, &["c"], None), &[&first[..], &["c 2-2-5-5 Left"]].concat());
    is(&with(WhenFull::Wait, &[], None), &[&first[..], &["b 2-4-7-7 Left"]].concat());
    is(&with(WhenFull::Force, &[], None), &[&first[..], &["b 2-2-5-5 Left forced"]].concat());
    is(
        &with(WhenFull::Block, &[], None),
        &["a 0-0-1-1 Moved", "a 1-1-2-4 Moved", "b 1-1-4-4 Left", "b 4-4-7-7 Left"],
    );
    // The class of the branch counts at the next station.
    is(
        &with(WhenFull::Stay, &[], Some("stays".into())),
        &["a 0-0-1-1 Moved", "a 1-1-2-2 Moved", "b 1-1-1.75-1.75 Left", "b 2-2-2.75-2.75 Left"],
    );
}

#[test]
fn who_stays_is_served_again_until_the_next_station_is_free() {
    // b is busy from 1 to 4. At 4 its end was planned before that of the stay, so it is free.
    let mut a = fixed("a", 1, 1.0);
    a.routes = route(vec![Branch { when_full: WhenFull::Stay, ..branch(1.0, "b") }]);
    let own = model(5.5, vec![a, fixed("b", 1, 3.0)], vec![stream("s", at(&[0.0, 1.0, 1.5]), "a")]);
    let run = is(
        &own,
        &[
            "a 0-0-1-1 Moved",
            "a 1-1-2-2 Moved",
            "b 1-1-4-4 Left",
            "a 1.5-4-5-5 Moved",
            "a 2-2-3-3 Moved",
            "a 3-3-4-4 Moved",
            "b 4-4-?-5.5 Present",
            "a 5-5-?-5.5 Present", // a stay that is not over has no end
        ],
    );
    assert_eq!((run.branches[0].taken, run.branches[0].found_full), (5, 3));
}

#[test]
fn feedback_goes_behind_those_who_wait() {
    // Half an hour a service, always back to the same station: two customers take turns.
    let mut a = fixed("a", 1, 0.5);
    a.routes = route(vec![branch(1.0, "a")]);
    let own = model(2.0, vec![a], vec![stream("s", at(&[0.0, 0.25]), "a")]);
    is(
        &own,
        &[
            "a 0-0-0.5-0.5 Moved",
            "a 0.25-0.5-1-1 Moved",
            "a 0.5-1-1.5-1.5 Moved",
            "a 1-1.5-?-2 Present",
            "a 1.5-?-?-2 Present",
        ],
    );
}

#[test]
fn set_up_follows_every_service() {
    let a = Station { set_up: Some(Distribution::Deterministic(0.5)), ..fixed("a", 1, 1.0) };
    let own = model(10.0, vec![a], vec![stream("s", at(&[0.0, 0.25, 5.0, 6.25]), "a")]);
    let run = is(
        &own,
        &["a 0-0-1-1 Left", "a 0.25-1.5-2.5-2.5 Left", "a 5-5-6-6 Left", "a 6.25-6.5-7.5-7.5 Left"],
    );
    assert_eq!((run.stations[0].busy_area, run.stations[0].full_time), (4.0, 6.0));
}

#[test]
fn servers_get_ready_though_nobody_looks() {
    // Both servers are held to 1 and made ready to 1.5. Who waits gets one then; the other is free until
    // 1.75. Full to 1.5, and from 1.75 to 3, when the first of both is ready again: 2.75 in all.
    let a = Station { set_up: Some(Distribution::Deterministic(0.5)), ..fixed("a", 2, 1.0) };
    let own = model(10.0, vec![a], vec![stream("s", at(&[0.0, 0.0, 0.25, 1.75]), "a")]);
    let run = is(
        &own,
        &[
            "a 0-0-1-1 Left",
            "a 0-0-1-1 Left",
            "a 0.25-1.5-2.5-2.5 Left",
            "a 1.75-1.75-2.75-2.75 Left",
        ],
    );
    assert_eq!((run.stations[0].busy_area, run.stations[0].full_time), (4.0, 2.75));
}

#[test]
fn patience_ends_with_the_wait_that_it_was_for() {
    // The second waits at a from 0.5 and would give up at 2.5; by then it waits at b, as one who never
    // gives up.
    let mut a = fixed("a", 1, 1.0);
    let branch = Branch {
        to: Target::Station("b".into()),
        class: Some("patient".into()),
        ..Branch::default()
    };
    a.routes = vec![Route { class: Some("k".into()), branches: vec![branch], rest: None }];
    let stations = vec![a, fixed("b", 1, 10.0)];
    let mut own = model(30.0, stations, vec![stream("s", at(&[0.0, 0.5]), "a")]);
    let class = |key: &str, patience| Class { key: key.into(), patience, ..Class::default() };
    own.classes = vec![class("k", Some(Distribution::Deterministic(2.0))), class("patient", None)];
    own.streams[0].kinds[0].class = Some("k".into());
    is(&own, &["a 0-0-1-1 Moved", "a 0.5-1-2-2 Moved", "b 1-1-11-11 Left", "b 2-11-21-21 Left"]);
}

#[test]
fn priorities_are_served_first_but_do_not_interrupt() {
    let mut own = model(
        20.0,
        vec![fixed("a", 1, 2.0)],
        vec![stream("late", at(&[0.0, 0.5, 1.0]), "a"), stream("early", at(&[1.5, 1.75]), "a")],
    );
    let class = |key: &str, priority| Class { key: key.into(), priority, ..Class::default() };
    own.classes = vec![class("late", 9), class("early", 2)];
    own.streams[0].kinds[0].class = Some("late".into());
    own.streams[1].kinds[0].class = Some("early".into());
    is(
        &own,
        &[
            "a 0-0-2-2 Left",
            "a 0.5-6-8-8 Left",
            "a 1-8-10-10 Left",
            "a 1.5-2-4-4 Left",
            "a 1.75-4-6-6 Left",
        ],
    );
}

#[test]
fn patience_ends_a_wait_but_not_a_service() {
    let mut own =
        model(20.0, vec![fixed("a", 1, 3.0)], vec![stream("s", at(&[0.0, 0.5, 1.0, 2.75]), "a")]);
    let patience = Some(Distribution::Deterministic(2.0));
    own.classes = vec![Class { key: "k".into(), patience, ..Class::default() }];
    own.streams[0].kinds[0].class = Some("k".into());
    let run = is(
        &own,
        &[
            "a 0-0-3-3 Left",
            "a 0.5-?-?-2.5 Reneged",
            "a 1-3-6-6 Left", // the end of service at 3 was planned before the end of patience
            "a 2.75-?-?-4.75 Reneged",
        ],
    );
    assert_eq!((run.stations[0].reneged, run.stations[0].came, run.stations[0].left), (2, 4, 2));
}

#[test]
fn hours_let_nobody_in_and_shifts_change_the_servers() {
    // Open on Monday from 8 to 10. Who waits is let in at 8; who still waits at 10 waits a week.
    let a = Station { hours: "Mon 8-10".parse().unwrap(), ..fixed("a", 1, 1.25) };
    let own = model(200.0, vec![a], vec![stream("s", at(&[7.0, 8.0, 9.5, 10.0]), "a")]);
    is(
        &own,
        &[
            "a 7-8-9.25-9.25 Left",
            "a 8-9.25-10.5-10.5 Left",
            "a 9.5-176-177.25-177.25 Left",
            "a 10-177.25-178.5-178.5 Left",
        ],
    );
    // Two servers, one from 4 to 8: at 6 two leave and one starts; at 8 the next.
    let shifts = vec![Shift { hours: "Mon 4-8".parse().unwrap(), servers: 1 }];
    let a = Station { shifts, ..fixed("a", 2, 3.0) };
    let times = at(&[0.0, 0.0, 3.0, 3.0, 5.0, 5.5]);
    let own = model(24.0, vec![a], vec![stream("s", times, "a")]);
    let run = is(
        &own,
        &[
            "a 0-0-3-3 Left",
            "a 0-0-3-3 Left",
            "a 3-3-6-6 Left",
            "a 3-3-6-6 Left",
            "a 5-6-9-9 Left",
            "a 5.5-8-11-11 Left",
        ],
    );
    assert_eq!(run.stations[0].servers_area, 44.0);
    // From Monday 7:00 on, one server for the first hour.
    let own = Model { starts_at_hour: 7, ..own };
    let (_, lines) = lines(&own);
    assert_eq!(lines[0..2], ["a 0-0-3-3 Left", "a 0-1-4-4 Left"]);
}

#[test]
fn a_station_closes_diverts_and_opens_again() {
    // b is busy from 0.5 to 5.5. Two wait at a; when it closes at 6, b takes the first and the other is
    // sent away. Closed: lost. Diverted: only by appointment, waits for the server held until 10.
    let mut a = fixed("a", 1, 10.0);
    a.alternates = vec![alternate("b")];
    let mut own = model(
        40.0,
        vec![a, fixed("b", 1, 5.0)],
        vec![
            stream("plain", at(&[0.0, 1.0, 2.0, 7.0, 9.5, 13.0]), "a"),
            stream("b", at(&[0.5]), "b"),
            stream("appointed", at(&[7.5, 9.0]), "a"),
        ],
    );
    own.streams[2].kinds[0].by_appointment = true;
    own.changes = vec![
        change(12.0, "a", ChangeKind::Open),
        change(6.0, "a", ChangeKind::Close),
        change(8.0, "a", ChangeKind::Divert),
    ];
    let run = is(
        &own,
        &[
            "a 0-0-10-10 Left",
            "b 0.5-0.5-5.5-5.5 Left",
            "a 1-?-?-6 Moved",
            "a 2-?-?-6 SentAway",
            "b 6-6-11-11 Left",
            "a 7-?-?-7 Lost",
            "a 7.5-?-?-7.5 Lost",
            "a 9-10-20-20 Left",
            "a 9.5-?-?-9.5 Lost",
            "b 13-13-18-18 Left",
        ],
    );
    let a = &run.stations[0];
    assert_eq!((a.asked, a.admitted, a.diverted, a.lost, a.sent_away), (8, 2, 2, 3, 1));
}

#[test]
fn a_station_that_closes_sends_away_who_is_blocked_for_it() {
    let mut a = fixed("a", 1, 1.0);
    a.routes = route(vec![Branch { when_full: WhenFull::Block, ..branch(1.0, "b") }]);
    let mut own =
        model(9.0, vec![a, fixed("b", 1, 5.0)], vec![stream("s", at(&[0.0, 0.0, 0.0]), "a")]);
    own.changes = vec![change(3.0, "b", ChangeKind::Close)];
    let run = is(
        &own,
        &[
            "a 0-0-1-1 Moved",
            "a 0-1-2-3 SentAway", // blocked from 2 on
            "a 0-3-4-4 Left",
            "b 1-1-6-6 Left",
        ],
    );
    assert_eq!(run.stations[1].sent_away, 2);
}

#[test]
fn the_number_of_servers_changes_at_a_moment() {
    let mut own =
        model(9.0, vec![fixed("a", 1, 4.0)], vec![stream("s", at(&[0.0, 0.5, 1.0]), "a")]);
    own.changes =
        vec![change(2.0, "a", ChangeKind::Servers(2)), change(5.0, "a", ChangeKind::Servers(0))];
    let run = is(&own, &["a 0-0-4-4 Left", "a 0.5-2-6-6 Left", "a 1-4-8-8 Left"]);
    assert_eq!(run.stations[0].servers_area, 2.0 + 6.0);
}

#[test]
fn the_first_preference_that_holds_counts() {
    let mut own = model(
        40.0,
        vec![fixed("a", 9, 1.0), fixed("b", 9, 1.0)],
        vec![stream("s", at(&[7.0, 8.0, 19.5, 20.0, 30.0, 33.0]), "a")],
    );
    let hours = "Mon-Sun 8-20".parse().unwrap();
    own.streams[0].kinds[0].preferences = vec![
        Preference { hours, until: Some(33.0), ..to("a") },
        Preference { until: Some(30.0), ..to("b") },
    ];
    own.streams[0].track = true;
    let run = is(
        &own,
        &["b 7-7-8-8 Left", "a 8-8-9-9 Left", "a 19.5-19.5-20.5-20.5 Left", "b 20-20-21-21 Left"],
    );
    // At 30 it is Tuesday 6:00 and the second is over; at 33 both are.
    assert_eq!(run.streams[0].lost, 2);
    assert_eq!(run.streams[0].taken, [[vec![(0, 2)], vec![(1, 2)]]]);
}

fn with_team(when_full: WhenFull) -> Model {
    let mut a = fixed("a", 9, 1.5);
    a.team = Some("team".into());
    let mut own = model(20.0, vec![a], vec![stream("s", at(&[0.0, 1.0, 1.25]), "a")]);
    own.streams[0].kinds[0].when_full = when_full;
    own.teams = vec![Team {
        key: "team".into(),
        members: 1,
        busy: 2.0,
        hours: "Mon 0-10".parse().unwrap(),
    }];
    own
}

#[test]
fn a_team_lets_in_one_after_the_other() {
    // Two hours an entry: at 1 it is busy, and the alternate needs none; at 2 it is free.
    let mut own = with_team(WhenFull::Leave);
    own.stations[0].alternates = vec![alternate("b")];
    own.stations.push(fixed("b", 9, 1.5));
    own.streams[0].arrivals = at(&[0.0, 1.0, 2.0, 3.75, 10.0, 10.0]);
    let run = is(
        &own,
        &[
            "a 0-0-1.5-1.5 Left",
            "b 1-1-2.5-2.5 Left",
            "a 2-2-3.5-3.5 Left",
            "b 3.75-3.75-5.25-5.25 Left",
            "a 10-10-11.5-11.5 Left", // from 10 on it is not needed
            "a 10-10-11.5-11.5 Left",
        ],
    );
    assert_eq!((run.teams[0].used, run.teams[0].missed), (2, 2));
    let run = is(
        &with_team(WhenFull::Leave),
        &["a 0-0-1.5-1.5 Left", "a 1-?-?-1 Lost", "a 1.25-?-?-1.25 Lost"],
    );
    assert_eq!(run.teams[0].missed, 2);
    // Forced: their waits for the team are summed: until 2, then until 4.
    let run = trace(&with_team(WhenFull::Force), 1, 0).0;
    assert_eq!((run.teams[0].used, run.teams[0].waiting_time), (3, 1.0 + 2.75));
}

#[test]
fn who_was_transferred_and_waits_is_not_among_those_who_asked() {
    // The customer comes from a and waits for b, which closes at 3; c takes it. Of those who asked at b
    // there is one, who is served there.
    let mut b = fixed("b", 1, 5.0);
    b.alternates = vec![alternate("c")];
    let mut a = fixed("a", 1, 2.0);
    a.routes = route(vec![branch(1.0, "b")]);
    let streams = vec![stream("a", at(&[0.0]), "a"), stream("b", at(&[0.0]), "b")];
    let mut own = model(9.0, vec![a, b, fixed("c", 1, 1.0)], streams);
    own.changes = vec![change(3.0, "b", ChangeKind::Close)];
    let run = is(&own, &["a 0-0-2-2 Moved", "b 0-0-5-5 Left", "b 2-?-?-3 Moved", "c 3-3-4-4 Left"]);
    let (b, c) = (&run.stations[1], &run.stations[2]);
    assert_eq!((b.asked, b.admitted, b.diverted, b.lost), (1, 1, 0, 0));
    assert_eq!((c.received, c.transferred_in), (0, 1));
}

#[test]
fn who_waits_for_a_team_starts_when_it_is_free() {
    // Servers are free, the team is not: in order of arrival, at 2 and at 4.
    let run = is(
        &with_team(WhenFull::Wait),
        &["a 0-0-1.5-1.5 Left", "a 1-2-3.5-3.5 Left", "a 1.25-4-5.5-5.5 Left"],
    );
    assert_eq!(run.teams[0].used, 3);
}

#[test]
fn who_waits_for_a_team_starts_when_its_hours_end() {
    // The only member is busy until 29; from 10 on nobody is needed to let the others in.
    let mut own = with_team(WhenFull::Wait);
    own.teams[0].busy = 29.0;
    let run =
        is(&own, &["a 0-0-1.5-1.5 Left", "a 1-10-11.5-11.5 Left", "a 1.25-10-11.5-11.5 Left"]);
    assert_eq!((run.teams[0].used, run.stations[0].waiting_time), (1, 9.0 + 8.75));
}

#[test]
fn first_come_first_served_is_a_choice_for_those_who_are_blocked() {
    // At b somebody is served until 10; a second one waits from 1 on, and one of a is blocked from 2 on.
    let mut a = fixed("a", 1, 2.0);
    a.routes = route(vec![Branch { when_full: WhenFull::Block, ..branch(1.0, "b") }]);
    let streams = vec![stream("a", at(&[0.0]), "a"), stream("b", at(&[0.0, 1.0, 3.0]), "b")];
    let mut own = model(50.0, vec![a, fixed("b", 1, 10.0)], streams);
    is(
        &own,
        &[
            "a 0-0-2-10 Moved",
            "b 0-0-10-10 Left",
            "b 1-20-30-30 Left",
            "b 3-30-40-40 Left",
            "b 10-10-20-20 Left",
        ],
    );
    own.stations[1].order = ServiceOrder::FirstCome;
    is(
        &own,
        &[
            "a 0-0-2-20 Moved",
            "b 0-0-10-10 Left",
            "b 1-10-20-20 Left",
            "b 3-30-40-40 Left",
            "b 20-20-30-30 Left",
        ],
    );
}

/// One station whose customers come back to it, as a branch says.
fn comes_back(mut own: Station, branch: Branch) -> Station {
    own.routes = route(vec![Branch { to: Target::Station(own.key.clone()), ..branch }]);
    own
}

#[test]
fn who_comes_back_to_a_station_that_closed_is_sent_away() {
    let own = comes_back(fixed("a", 1, 2.0), Branch::default());
    let mut closed = model(20.0, vec![own], vec![stream("s", at(&[0.0]), "a")]);
    closed.changes = vec![change(1.0, "a", ChangeKind::Close)];
    let run = is(&closed, &["a 0-0-2-2 Left"]);
    let a = &run.stations[0];
    assert_eq!((a.started, a.sent_away, a.left, a.busy_area), (1, 1, 1, 2.0));

    // The branch's own words come first: who stays or leaves is not sent away; `then` is asked before.
    closed.stations[0].routes[0].branches[0].when_full = WhenFull::Stay;
    let a = &trace(&closed, 1, 0).0.stations[0];
    assert_eq!((a.started, a.sent_away), (10, 0));
    closed.stations[0].routes[0].branches[0].when_full = WhenFull::Leave;
    let a = &trace(&closed, 1, 0).0.stations[0];
    assert_eq!((a.started, a.sent_away, a.left), (1, 0, 1));
    closed.stations.push(fixed("b", 1, 3.0));
    closed.stations[0].routes[0].branches[0].then = vec!["b".into()];
    is(&closed, &["a 0-0-2-2 Moved", "b 2-2-5-5 Left"]);
}

#[test]
fn who_comes_back_to_a_station_with_fewer_servers_waits_there() {
    // From 1 on one server: the three end at 2, and the first of them is served on, nine times to 20.
    let own = comes_back(fixed("a", 3, 2.0), Branch::default());
    let mut fewer = model(20.0, vec![own], vec![stream("s", at(&[0.0, 0.0, 0.0]), "a")]);
    fewer.changes = vec![change(1.0, "a", ChangeKind::Servers(1))];
    let a = &trace(&fewer, 1, 0).0.stations[0];
    assert_eq!((a.started, a.busy_area, a.queue_area), (3 + 9, 6.0 + 18.0, 36.0));
    assert_eq!((a.transferred_in, a.transferred_out, a.came), (0, 0, 3 + 3 + 8));

    // Without a waiting room the two are blocked where they are, and take their turns: no deadlock.
    fewer.stations[0].waiting_room = WaitingRoom::None;
    fewer.deadlock = Deadlock::Stop;
    let run = trace(&fewer, 1, 0).0;
    let a = &run.stations[0];
    assert_eq!((run.deadlock, run.swaps, run.window), (None, 0, 20.0));
    assert_eq!((a.started, a.busy_area, a.blocked_area), (3 + 9, 6.0 + 54.0, 36.0));
    // A second server from 11 on: one of the two goes on there and then, with a service at 11, 13 ... 19.
    fewer.changes.push(change(11.0, "a", ChangeKind::Servers(2)));
    let a = &trace(&fewer, 1, 0).0.stations[0];
    assert_eq!((a.started, a.blocked_area), (3 + 9 + 5, 2.0 * 9.0 + 9.0));
    // Without servers all three are blocked, and go on when there are some.
    fewer.changes[0].change = ChangeKind::Servers(0);
    fewer.changes[1].change = ChangeKind::Servers(3);
    let a = &trace(&fewer, 1, 0).0.stations[0];
    assert_eq!((a.started, a.blocked_area), (3 + 3 * 5, 27.0));

    // Who leaves a full station leaves; who is forced in stays.
    fewer.stations[0].routes[0].branches[0].when_full = WhenFull::Leave;
    fewer.changes = vec![change(1.0, "a", ChangeKind::Servers(1))];
    let a = &trace(&fewer, 1, 0).0.stations[0];
    assert_eq!((a.left, a.started, a.busy_area), (2, 3 + 9, 6.0 + 18.0));
    fewer.stations[0].routes[0].branches[0].when_full = WhenFull::Force;
    let a = &trace(&fewer, 1, 0).0.stations[0];
    assert_eq!((a.started, a.forced, a.busy_area), (30, 27, 60.0));
}

#[test]
fn who_comes_back_outside_the_hours_waits_for_them() {
    // Open from 8 to 10: the service from 8 to 11 ends outside, the next one starts at 8 of the next day.
    let mut own = comes_back(fixed("a", 1, 3.0), Branch::default());
    own.hours = "Mon-Sun 8-10".parse().unwrap();
    let streams = vec![stream("s", at(&[8.0]), "a")];
    let mut daily = model(40.0, vec![own], streams);
    is(&daily, &["a 8-8-11-11 Moved", "a 11-32-35-35 Moved", "a 35-?-?-40 Present"]);
    daily.stations[0].waiting_room = WaitingRoom::None;
    daily.deadlock = Deadlock::Stop;
    is(&daily, &["a 8-8-11-32 Moved", "a 32-32-35-40 Present"]);
    daily.changes = vec![change(20.0, "a", ChangeKind::Close)];
    let run = is(&daily, &["a 8-8-11-20 SentAway"]);
    assert_eq!((run.stations[0].sent_away, run.stations[0].at_end), (1, 0));
}

#[test]
fn a_change_of_servers_counts_from_then_on_whatever_the_shifts_say() {
    // One server from 8 to 16, else two; three from 10 on, in the shift and after it, and on the next day.
    let mut own = fixed("a", 2, 1.0);
    own.shifts = vec![Shift { hours: "Mon-Sun 8-16".parse().unwrap(), servers: 1 }];
    let times = at(&[9.0, 9.0, 12.0, 12.0, 12.0, 17.0, 17.0, 17.0, 33.0, 33.0, 33.0]);
    let mut changed = model(40.0, vec![own], vec![stream("s", times, "a")]);
    changed.changes = vec![change(10.0, "a", ChangeKind::Servers(3))];
    let (run, visits) = trace(&changed, 1, 0);
    let mut started: Vec<f64> = visits.iter().filter_map(|visit| visit.started).collect();
    started.sort_by(f64::total_cmp);
    assert_eq!(started, [9.0, 10.0, 12.0, 12.0, 12.0, 17.0, 17.0, 17.0, 33.0, 33.0, 33.0]);
    // 8 hours of 2, 2 of 1 and 30 of 3.
    assert_eq!(run.stations[0].servers_area, 16.0 + 2.0 + 90.0);
}

#[test]
fn who_was_there_before_is_not_counted_among_those_who_asked() {
    // Two wait at the start and are served from 0 (before anything is counted) and 5 on, one who asks at 10 from 10 on.
    let mut own = model(20.0, vec![fixed("a", 1, 5.0)], vec![stream("s", at(&[10.0]), "a")]);
    own.present = vec![Present { station: "a".into(), waiting: 2, ..Present::default() }];
    let a = &trace(&own, 1, 0).0.stations[0];
    assert_eq!((a.asked, a.admitted, a.admitted_earlier, a.started), (1, 1, 1, 2));
    // Three ask before the statistics start at 6: one is served then, one waits and gets in at 10.
    let mut late =
        model(20.0, vec![fixed("a", 1, 5.0)], vec![stream("s", at(&[0.0, 1.0, 8.0]), "a")]);
    late.warm_up = 6.0;
    let a = &trace(&late, 1, 0).0.stations[0];
    assert_eq!((a.asked, a.admitted, a.admitted_earlier), (1, 1, 0));
    late.warm_up = 4.0;
    let a = &trace(&late, 1, 0).0.stations[0];
    assert_eq!((a.asked, a.admitted, a.admitted_earlier, a.started), (1, 1, 1, 2));
}

#[test]
fn a_long_waiting_list_of_people_who_give_up_keeps_its_order() {
    // One server, a service of 1. A thousand come at 0, and all but every tenth have given up by 0.5; the others are
    // served in the order in which they came, one an hour.
    let mut own = model(1000.0, vec![fixed("a", 1, 1.0)], Vec::new());
    own.classes = vec![
        Class { key: "waits".into(), ..Class::default() },
        Class {
            key: "gives up".into(),
            patience: Some(Distribution::Deterministic(0.5)),
            ..Class::default()
        },
    ];
    for number in 0..1000 {
        let mut one = stream(&format!("s{number:03}"), at(&[0.0]), "a");
        let class = if number % 10 == 0 { "waits" } else { "gives up" };
        one.kinds[0].class = Some(class.into());
        own.streams.push(one);
    }
    let (run, visits) = trace(&own, 1, 0);
    let a = &run.stations[0];
    assert_eq!((a.reneged, a.left, a.waited), (900, 100, 99));
    assert_eq!((a.queue_area, a.at_end), (900.0 * 0.5 + 99.0 * 100.0 / 2.0, 0));
    let served: Vec<u32> =
        visits.iter().filter(|own| own.outcome == Outcome::Left).map(|own| own.stream).collect();
    assert_eq!(served, (0..100).map(|number| number * 10).collect::<Vec<u32>>());
}

#[test]
fn the_least_full_of_the_next_stations_comes_first_where_a_model_says_so() {
    // b has one of two servers free and c three of four: c takes one, then both are half full and b, named first, comes.
    let stations = vec![fixed("a", 1, 100.0), fixed("b", 2, 100.0), fixed("c", 4, 100.0)];
    let first_b = stream("b", at(&[0.5]), "b");
    let first_c = stream("c", at(&[0.6]), "c");
    let mut streams = vec![stream("s", at(&[0.0, 1.0, 2.0, 3.0]), "a"), first_b, first_c];
    let preference = &mut streams[0].kinds[0].preferences[0];
    preference.then = vec!["a".into(), "b".into(), "c".into()];
    let by_order = model(10.0, stations, streams);
    let mut least_full = by_order.clone();
    least_full.streams[0].kinds[0].preferences[0].least_full = true;
    let came = |model: &Model| -> Vec<String> {
        lines(model).1.iter().map(|line| line.split('-').next().unwrap().to_owned()).collect()
    };
    // At 1: b has 1/2, c 3/4. At 2: 1/2 and 1/2, so b. At 3: b is full.
    assert_eq!(came(&least_full), ["a 0", "b 0.5", "c 0.6", "c 1", "b 2", "c 3"]);
    assert_eq!(came(&by_order), ["a 0", "b 0.5", "c 0.6", "b 1", "c 2", "c 3"]);
}

#[test]
fn in_days_a_team_is_not_needed_any_more_from_the_very_start_of_an_hour() {
    // Seven hours are 7 / 24 days, and 24 times that is a little less than 7, as floats are rounded.
    let start = 7.0 * (1.0 / 24.0);
    assert!(start * 24.0 < 7.0);
    let mut own = with_team(WhenFull::Wait);
    own.time_unit = TimeUnit::Days;
    own.streams[0].arrivals = at(&[0.0, 0.125]);
    own.teams[0].busy = 5.0;
    own.teams[0].hours = "Mon 0-7".parse().unwrap();
    let (_, visits) = trace(&own, 1, 0);
    let started: Vec<f64> = visits.iter().filter_map(|visit| visit.started).collect();
    assert_eq!(started, [0.0, start]);
}

#[test]
fn who_needs_no_team_starts_when_the_one_before_it_who_needs_one_gives_up() {
    // At 2.5 the server is free, but the team is not, for which the next one waits; at 3 that one gives up, and the next
    // one has come from another station.
    let mut a = fixed("a", 1, 2.5);
    a.team = Some("team".into());
    let mut b = fixed("b", 1, 2.0);
    b.routes = route(vec![branch(1.0, "a")]);
    let streams = vec![stream("s", at(&[0.0, 1.0]), "a"), stream("t", at(&[0.0]), "b")];
    let mut own = model(20.0, vec![a, b], streams);
    own.teams = vec![Team {
        key: "team".into(),
        members: 1,
        busy: 9.0,
        hours: verbund::calendar::Hours::ALWAYS,
    }];
    own.classes =
        vec![Class::new("short").patience(Distribution::Deterministic(2.0)), Class::new("long")];
    own.streams[0].kinds[0].class = Some("short".into());
    own.streams[1].kinds[0].class = Some("long".into());
    is(&own, &["a 0-0-2.5-2.5 Left", "b 0-0-2-2 Moved", "a 1-?-?-3 Reneged", "a 2-3-5.5-5.5 Left"]);
}

#[test]
fn those_of_a_list_who_come_at_one_time_keep_their_order() {
    // Two kinds, by chance; and a second stream, so that arrivals have to be put in order.
    let mut own = model(
        90.0,
        vec![fixed("a", 1, 1.0)],
        vec![stream("s", at(&[1.0; 40]), "a"), stream("t", at(&[0.5, 1.0, 2.0]), "a")],
    );
    let half = Kind { share: 0.5, ..own.streams[0].kinds[0].clone() };
    own.streams[0].kinds = vec![half.clone(), half];
    let (_, visits) = trace(&own, 1, 0);
    let mut keys = Seed(1).keys(0, "s");
    let came = visits.iter().filter(|visit| visit.stream == 0).map(|visit| visit.customer);
    assert_eq!(came.collect::<Vec<_>>(), (0..40).map(|_| keys.next()).collect::<Vec<_>>());
}
