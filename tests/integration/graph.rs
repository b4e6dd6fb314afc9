//! Questions to the graph of cooperations, by hand and against slow methods.

use std::collections::BTreeSet;

use proptest::prelude::*;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;

use crate::common::{at, catalog, day, hospital};

/// Hospitals h0, h1, ... and a cooperation for each list of partners.
fn network(count: usize, links: &[&[usize]]) -> Network {
    let mut builder = NetworkBuilder::new("g", day(), catalog());
    for index in 0..count {
        builder = builder.hospital(hospital(&format!("h{index}"), at(index as f64, 0.0), 1));
    }
    for (index, partners) in links.iter().enumerate() {
        let partners = partners.iter().map(|partner| format!("h{partner}")).collect();
        let kind = CooperationKind::Framework;
        let one = Cooperation::new(format!("c{index}"), kind, Parties::Mutual(partners));
        builder = builder.cooperation(one);
    }
    builder.build().unwrap()
}

fn indices(ids: &[HospitalId]) -> Vec<usize> {
    ids.iter().map(|id| id.index()).collect()
}

#[test]
fn a_path_a_triangle_and_one_alone_by_hand() {
    // 0 - 1 - 2 with 2, 3, 4 a triangle made by one cooperation of three, and 5 alone.
    let network = network(6, &[&[0, 1], &[1, 2], &[2, 3, 4], &[0, 1]]);
    let graph = CooperationGraph::new(&network, &GraphFilter::default());
    assert_eq!(graph.links(), 5); // the second 0 - 1 is the same link
    let id = |index: usize| network.find(&format!("h{index}")).unwrap();
    assert_eq!(graph.degree(id(2)), 3);
    let together = &graph.partners(id(0))[0].cooperations;
    assert_eq!(together.iter().map(|id| id.index()).collect::<Vec<_>>(), [0, 3]);
    let components: Vec<_> = graph.components().iter().map(|group| indices(group)).collect();
    assert_eq!(components, [vec![0, 1, 2, 3, 4], vec![5]]);
    assert_eq!(graph.component_count(), 2);
    assert_eq!(indices(&graph.articulation_hospitals()), [1, 2]);
    let bridges: Vec<_> =
        graph.bridges().into_iter().map(|(a, b)| (a.index(), b.index())).collect();
    assert_eq!(bridges, [(0, 1), (1, 2)]);
    // Through 1: the pairs 0-2, 0-3, 0-4. Through 2: 0-3, 0-4, 1-3, 1-4.
    assert_eq!(graph.betweenness(), [0.0, 3.0, 4.0, 0.0, 0.0, 0.0]);
}

#[test]
fn two_shortest_ways_share_a_pair() {
    // A square: between opposite corners lie two shortest ways, half a pair for each.
    let network = network(4, &[&[0, 1], &[1, 2], &[2, 3], &[3, 0]]);
    let graph = CooperationGraph::new(&network, &GraphFilter::default());
    assert_eq!(graph.betweenness(), [0.5; 4]);
    assert!(graph.articulation_hospitals().is_empty() && graph.bridges().is_empty());
}

#[test]
fn who_depends_on_whom() {
    let network = Folder::small().read().unwrap().network;
    let graph = CooperationGraph::new(&network, &GraphFilter::default());
    let found = graph.dependences("neurology");
    // The south asks the north for help and hands patients on to it: one dependence, two reasons.
    assert_eq!(found.len(), 1);
    assert_eq!(network[found[0].hospital].key, "south");
    assert_eq!(
        found[0].on.iter().map(|id| network[*id].key.as_str()).collect::<Vec<_>>(),
        ["north"]
    );
    assert_eq!(found[0].cooperations.len(), 2);
    assert!(!found[0].has_own_department);
    // Ownership of the day clinic covers psychiatry, but takes no patients on.
    assert!(graph.dependences("psychiatry").is_empty());
}

#[test]
fn filters_by_field_effect_and_source() {
    let network = Folder::small().read().unwrap().network;
    let links = |filter: GraphFilter| CooperationGraph::new(&network, &filter).links();
    assert_eq!(links(GraphFilter::default()), 3);
    assert_eq!(links(GraphFilter::field("psychiatry")), 1);
    assert_eq!(links(GraphFilter::field("nothing")), 0);
    let care = GraphFilter::default().only_with_effect_on_care(true);
    assert_eq!(links(care), 1);
    let all = Folder::leipzig().read().unwrap().network.as_of(day());
    let links = |only_sourced| {
        let filter = GraphFilter::default().only_sourced(only_sourced);
        CooperationGraph::new(&all, &filter).links()
    };
    assert!(links(true) < links(false));
}

#[test]
fn a_network_without_hospitals_has_no_answers_but_no_fault() {
    let network = network(0, &[]);
    let graph = CooperationGraph::new(&network, &GraphFilter::default());
    assert!(graph.components().is_empty() && graph.betweenness().is_empty());
}

/// Groups by walking, with one hospital or one link taken out.
fn groups(count: usize, links: &BTreeSet<(usize, usize)>, without: Option<usize>) -> usize {
    let mut seen = vec![false; count];
    if let Some(gone) = without {
        seen[gone] = true;
    }
    let mut groups = 0;
    for start in 0..count {
        if seen[start] {
            continue;
        }
        groups += 1;
        let mut open = vec![start];
        seen[start] = true;
        while let Some(at) = open.pop() {
            for (other, seen) in seen.iter_mut().enumerate() {
                let link = (at.min(other), at.max(other));
                if !*seen && links.contains(&link) {
                    *seen = true;
                    open.push(other);
                }
            }
        }
    }
    groups
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_graphs_agree_with_slow_methods(
        count in 1_usize..10,
        pairs in prop::collection::vec((0_usize..10, 0_usize..10), 0..20),
    ) {
        let links: BTreeSet<(usize, usize)> = pairs
            .into_iter()
            .filter(|(a, b)| a != b && *a < count && *b < count)
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        let lists: Vec<Vec<usize>> = links.iter().map(|(a, b)| vec![*a, *b]).collect();
        let lists: Vec<&[usize]> = lists.iter().map(Vec::as_slice).collect();
        let network = network(count, &lists);
        let graph = CooperationGraph::new(&network, &GraphFilter::default());
        let now = groups(count, &links, None);
        prop_assert_eq!(graph.component_count(), now);
        prop_assert_eq!(graph.components().len(), now);
        let held: Vec<usize> =
            (0..count).filter(|&gone| groups(count, &links, Some(gone)) > now).collect();
        prop_assert_eq!(indices(&graph.articulation_hospitals()), held);
        let bridges: Vec<(usize, usize)> = links
            .iter()
            .copied()
            .filter(|link| {
                let mut fewer = links.clone();
                fewer.remove(link);
                groups(count, &fewer, None) > now
            })
            .collect();
        let found: Vec<_> =
            graph.bridges().into_iter().map(|(a, b)| (a.index(), b.index())).collect();
        prop_assert_eq!(found, bridges);
        // Betweenness by all pairs: s-t ways through v = ways(s, v) * ways(v, t) on shortest ones.
        let far = usize::MAX / 4;
        let mut length = vec![vec![far; count]; count];
        let mut ways = vec![vec![0.0; count]; count];
        for at in 0..count {
            length[at][at] = 0;
            ways[at][at] = 1.0;
        }
        for reach in 1..=count {
            for s in 0..count {
                for t in 0..count {
                    if length[s][t] < far {
                        continue;
                    }
                    let near: Vec<usize> = (0..count)
                        .filter(|v| length[s][*v] == reach - 1)
                        .filter(|v| links.contains(&((*v).min(t), (*v).max(t))))
                        .collect();
                    if !near.is_empty() {
                        length[s][t] = reach;
                        ways[s][t] = near.iter().map(|v| ways[s][*v]).sum();
                    }
                }
            }
        }
        for (v, fast) in graph.betweenness().into_iter().enumerate() {
            let mut slow = 0.0;
            for s in 0..count {
                for t in s + 1..count {
                    if s != v && t != v && length[s][t] < far
                        && length[s][v] + length[v][t] == length[s][t]
                    {
                        slow += ways[s][v] * ways[v][t] / ways[s][t];
                    }
                }
            }
            prop_assert!((fast - slow).abs() < 1e-9, "{} {} {}", v, fast, slow);
        }
    }
}

#[test]
fn links_are_one_for_each_two_hospitals_and_each_field() {
    // A triangle of partners without a field, and one who gives to two in two fields.
    let parties = Parties::Directed { from: "h3".into(), to: vec!["h0".into(), "h1".into()] };
    let kind = CooperationKind::Transfer { door_in_door_out: None, acceptance: None };
    let mut builder = NetworkBuilder::new("g", day(), catalog());
    for index in 0..4 {
        builder = builder.hospital(hospital(&format!("h{index}"), at(f64::from(index), 0.0), 1));
    }
    let partners = Parties::Mutual(vec!["h2".into(), "h0".into(), "h1".into()]);
    let network = builder
        .cooperation(Cooperation::new("a", CooperationKind::Framework, partners))
        .cooperation(Cooperation::new("b", kind, parties).fields(&["s", "t"]))
        .build()
        .unwrap();
    let mut told = Vec::new();
    for link in network.links() {
        let arrow = if link.is_mutual { "-" } else { ">" };
        let (from, to) = (link.from.index(), link.to.index());
        told.push(format!("{from}{arrow}{to} {}", link.field.unwrap_or_default()));
        let cooperation = &network[link.cooperation];
        assert_eq!(
            (link.kind, cooperation.key.as_str()),
            (&cooperation.kind, if link.is_mutual { "a" } else { "b" })
        );
    }
    assert_eq!(told, ["2-0 ", "2-1 ", "0-1 ", "3>0 s", "3>0 t", "3>1 s", "3>1 t"]);
}

#[test]
fn who_works_with_whom_is_written_with_keys() {
    let region = Region::leipzig().unwrap();
    let network = region.network();
    let graph = CooperationGraph::new(network, &GraphFilter::default());
    let torgau = network.find("kkh-torgau").unwrap();
    let partners = serde_json::to_value(region.keyed(&graph.partners(torgau))).unwrap();
    for partner in partners.as_array().unwrap() {
        assert!(network.find(partner["hospital"].as_str().unwrap()).is_some());
        let key = partner["cooperations"][0].as_str().unwrap();
        assert!(network.find_cooperation(key).is_some(), "{key}");
    }
    let neurology = graph.dependences("neurology");
    let written = serde_json::to_value(region.keyed(&neurology)).unwrap();
    assert_eq!(written[0]["hospital"], network[neurology[0].hospital].key.as_str());
    assert!(written[0]["has_own_department"].is_boolean());
    let links: Vec<Link<'_>> = network.links().collect();
    let written = serde_json::to_value(region.keyed(&links)).unwrap();
    assert_eq!(written[0]["from"], network[links[0].from].key.as_str());
    assert_eq!(written[0]["cooperation"], network[links[0].cooperation].key.as_str());
}
