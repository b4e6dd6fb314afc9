"use strict";
// What a page asks of the program that shows it: it sends the changes as a scenario, and shows the answer of
// `verbund compare` in the words and tables of pages that count by themselves.
(() => {
  const page = globalThis.verbundPage;
  const { data, texts, state, byId, element, fill, fixed, people, cell, after, resultTable } = page;
  const root = document.documentElement;
  const body = byId("results-body");

  const minutes = (value) => (value === null ? "–" : fixed(value, 1));
  const share = (value) => (value === null ? "–" : `${fixed(value * 100, 1)} %`);
  const heading = (words) => element("th", { scope: "row" }, words);
  /** Before and after, with a mark where what is read differs. */
  function pair(words, was, is, isMoreWorse) {
    const isOther = words(was) !== words(is);
    const isWorse = isMoreWorse ? is === null || (was !== null && is > was) : is === null || (was !== null && is < was);
    return [cell(words(was), was), after(words(is), is, isOther && isWorse, isOther && !isWorse)];
  }
  const marked = (count, isWorse) => after(people(count), count, isWorse && count > 0, !isWorse && count > 0);
  const headsOf = (words) => [`${words}, ${texts.before}`, texts.after];

  const pathwayNames = new Map(data.ask.pathways);

  /** Newly beyond, newly in time, shares and means of a row about a standard. */
  const reach = (row) => [
    marked(row.lost_people, true), marked(row.won_people, false),
    ...pair(share, row.within_before_share, row.within_after_share, false),
    ...pair(minutes, row.mean_before_minutes, row.mean_after_minutes, true),
    cell(overBand(row.over_band), undefined, "band"),
  ];
  const overBand = (word) => (word === null ? "–" : word === "holds" ? texts.holds : texts.notDecided);
  const reachHeads = [texts.newlyBeyond, texts.newlyInTime, ...headsOf(texts.peopleInTime), ...headsOf(texts.meanMinutes), texts.overBand];

  function tablesOf({ districts = [], standards = [], pathways = [], hospitals = [] }) {
    const tables = [];
    const chosen = data.standards[state.standard];
    const ofChosen = districts.filter((row) => row.standard === chosen.key);
    const byDistrict = ofChosen.map((row) => element("tr", { "data-district": row.district }, heading(row.district), ...reach(row)));
    const title = `${chosen.name}, ${chosen.minutes} ${texts.minutes}`;
    if (byDistrict.length > 0) tables.push(...resultTable("by-district", title, [texts.district, ...reachHeads], byDistrict));
    const nameOf = (key) => data.standards.find((standard) => standard.key === key)?.name ?? key;
    const byStandard = standards.map((row) => element("tr", { "data-key": row.standard }, heading(nameOf(row.standard)), ...reach(row)));
    tables.push(...resultTable("by-standard", texts.allStandards, [texts.standard, ...reachHeads], byStandard));
    if (data.margin) tables.push(element("p", { class: "help" }, texts.bandNote));

    // Of a pathway the rows follow its stages: the last one of a rule for the first door is that of its last stage.
    const last = new Map(pathways.map((row) => [`${row.pathway} ${row.first_door}`, row]));
    const byPathway = [];
    for (const row of last.values()) {
      if (row.people_sooner + row.people_later + row.people_losing_way + row.people_with_way === 0) continue;
      const door = row.first_door === "free" ? texts.freeDoor : texts.nearestDoor;
      byPathway.push(element("tr", { "data-pathway": row.pathway, "data-protocol": row.first_door },
        element("th", { scope: "row" }, pathwayNames.get(row.pathway) ?? row.pathway, element("small", {}, door)),
        marked(row.people_sooner, false), marked(row.people_later, true), marked(row.people_losing_way, true),
        ...pair(minutes, row.mean_before_minutes, row.mean_after_minutes, true)));
    }
    if (byPathway.length > 0) tables.push(...resultTable("by-pathway", texts.pathways, [texts.pathway, texts.sooner, texts.later, texts.withoutWay, ...headsOf(texts.meanMinutes)], byPathway));

    const MOST = 12;
    const byHospital = hospitals.map((row, place) => {
      const more = (row.cases_after ?? 0) - (row.cases_before ?? 0);
      const known = data.hospitals.find((hospital) => hospital.key === row.hospital)?.name;
      const count = (value) => (value === null ? "–" : people(value));
      return element("tr", { "data-hospital": row.hospital, hidden: place >= MOST }, heading(known ?? `${row.hospital} (${texts.new})`),
        cell(count(row.cases_before), row.cases_before), cell(count(row.cases_after), row.cases_after),
        cell(`${more < 0 ? "−" : "+"}${people(Math.abs(more))}`, more),
        cell(share(row.occupancy_before_share), row.occupancy_before_share),
        after(share(row.occupancy_after_share), row.occupancy_after_share, row.occupancy_after_share > 1, false));
    });
    if (byHospital.length > 0) tables.push(...resultTable("by-receiver", texts.receivers, [texts.hospital, ...headsOf(texts.cases), texts.more, ...headsOf(texts.occupancy)], byHospital));
    if (byHospital.length > MOST) tables.push(element("p", { class: "help" }, fill(texts.moreReceivers, { count: byHospital.length - MOST })));
    return tables;
  }

  /** What was answered last: another standard or a look at a place asks nothing new. */
  let answered = { key: null, tables: null };
  let number = 0;
  const told = (words) => body.replaceChildren(element("p", { class: "help" }, words));

  async function ask(key, mine) {
    try {
      const response = await fetch("compare", { method: "POST", body: page.scenario() });
      const text = await response.text();
      if (!response.ok) throw new Error(text.trim());
      answered = { key, tables: JSON.parse(text).tables };
      // Who has clicked on waits for another answer.
      if (mine === number) body.replaceChildren(...tablesOf(answered.tables));
    } catch (error) {
      if (mine === number) told(fill(texts.noAnswer, { fault: error.message }));
    }
    if (mine === number) root.dataset.counted = "true";
  }

  page.draw = (isChanged) => {
    number += 1;
    byId("not-counted").hidden = true;
    if (!isChanged) {
      root.dataset.counted = "true";
      return;
    }
    const key = page.keyOfChanges();
    if (answered.key === key) {
      body.replaceChildren(...tablesOf(answered.tables));
      root.dataset.counted = "true";
      return;
    }
    root.dataset.counted = "false";
    told(texts.counting);
    const mine = number;
    // Several clicks at once are one question.
    setTimeout(() => { if (mine === number) ask(key, mine); }, 200);
  };
})();
