// Plays a finished run in the browser: shows what of the drawings belongs to a day.
// All that it shows was worked out beforehand; it asks the server for nothing while it plays.
const GLOW_DAYS = 7; // in which a tie that has pulled fades to 1/e
const LATER_MS = [150, 500, 1500];
const LEAST_GLOW = 0.08; // acts; below it a tie is not alight

export default {
  template: `
  <div class="x-player" role="group" aria-label="Play the run">
    <div class="x-transport">
      <button type="button" class="x-button" @click="go(0)" aria-label="Rewind to the first day" title="Rewind to the first day"><i class="q-icon notranslate material-icons" aria-hidden="true">skip_previous</i></button>
      <button type="button" class="x-button" @click="go(day - 1)" aria-label="One day back" title="One day back"><i class="q-icon notranslate material-icons" aria-hidden="true">chevron_left</i></button>
      <button type="button" class="x-button x-main" @click="toggle" :aria-label="playing ? 'Pause' : 'Play'" ><i class="q-icon notranslate material-icons" aria-hidden="true">{{ playing ? 'pause' : 'play_arrow' }}</i> {{ playing ? 'Pause' : 'Play' }}</button>
      <button type="button" class="x-button" @click="go(day + 1)" aria-label="One day on" title="One day on"><i class="q-icon notranslate material-icons" aria-hidden="true">chevron_right</i></button>
      <button type="button" class="x-button" @click="go(last)" aria-label="To the last day" title="To the last day"><i class="q-icon notranslate material-icons" aria-hidden="true">skip_next</i></button>
      <label class="x-speed">Speed <select v-model.number="speed" aria-label="Days a second">
        <option :value="2">2 days/s</option><option :value="7">1 week/s</option><option :value="28">4 weeks/s</option>
      </select></label>
      <span class="x-keys x-note"><kbd>Space</kbd> plays, <kbd>←</kbd> <kbd>→</kbd> step</span>
      <output class="x-date" :aria-live="playing ? 'off' : 'polite'">{{ date }}<small> day {{ day + 1 }} of {{ last + 1 }}</small></output>
    </div>
    <input type="range" min="0" :max="last" :value="day" @input="go(+$event.target.value)" aria-label="Day of the run" :aria-valuetext="date"/>
    <dl class="x-readings">
      <div v-for="one in shown"><dt>{{ one.label }}</dt><dd>{{ one.value }}<small v-if="one.unit && one.value !== story.nothing">&nbsp;{{ one.unit }}</small></dd></div>
    </dl>
    <div class="x-today"><strong>{{ todayHead }}</strong>
      <ul><li v-for="line in today">{{ line }}</li></ul></div>
  </div>`,
  props: { story: Object, first: Number, scope: String, charts: Array, looks: Object },
  data() { return { day: 0, playing: false, untouched: false, speed: 7, timer: null, said: null }; },
  computed: {
    last() { return this.story.days - 1; },
    date() { return this.story.dates[this.day]; },
    step() { return Math.floor((this.day + 1) / this.story.stepDays) - 1; },
    shown() {
      return this.story.readings.map((one) => ({ label: one.label, unit: one.unit,
        value: this.step < 0 ? this.story.nothing : one.values[Math.min(this.step, one.values.length - 1)] }));
    },
    eventful() { return Object.keys(this.story.happenings).map(Number).filter((d) => d <= this.day).sort((a, b) => b - a)[0]; },
    today() { return this.eventful === undefined ? [] : this.story.happenings[this.eventful]; },
    todayHead() {
      if (this.eventful === undefined) return "Nothing has happened yet";
      return this.eventful === this.day ? `On this day` : `Last, on ${this.story.dates[this.eventful]}`;
    },
  },
  mounted() {
    this.day = Math.min(this.first, this.last);
    this.untouched = this.first === this.story.opening; // nobody chose this day
    this.root().addEventListener("click", this.choose);
    this.root().addEventListener("keydown", this.chooseByKey);
    document.addEventListener("keydown", this.playByKey);
    this.$nextTick(this.gather);
  },
  beforeUnmount() { this.pause(); document.removeEventListener("keydown", this.playByKey); },
  watch: {
    story() { this.day = Math.min(this.day, this.last); this.$nextTick(() => setTimeout(this.gather, 0)); },
    day() { this.show(); },
  },
  methods: {
    root() { return document.getElementById(this.scope); },
    gather(tries = 0) { // what is drawn, once for each run
      const all = (what) => [...this.root().querySelectorAll(what)];
      this.nodes = all(".x-node");
      this.ties = all("path[data-ahead]").map((path) => ({ path, key: path.dataset.ahead + " " + path.dataset.follower }));
      this.cells = all("[data-run],[data-record]").map((cell) => ({ cell,
        from: Number(cell.dataset.run ?? cell.dataset.record), until: Number(cell.dataset.lifted ?? Infinity) }));
      this.pulls = {};
      for (const [day, ahead, follower, weight] of this.story.pulls) {
        (this.pulls[ahead + " " + follower] ??= []).push([day, weight]);
      }
      if (!this.nodes.length && tries < 100) { setTimeout(() => this.gather(tries + 1), 20); return; }
      this.show();
      for (const wait of LATER_MS) setTimeout(this.showCharts, wait); // charts come when they are ready
    },
    show() {
      if (!this.nodes) return;
      for (const { cell, from, until } of this.cells) {
        cell.classList.toggle("on", from <= this.day);
        cell.classList.toggle("lifted", until <= this.day);
      }
      for (const node of this.nodes) this.showNode(node);
      for (const { path, key } of this.ties) this.showTie(path, this.pulls[key] ?? []);
      this.showCharts();
    },
    showNode(node) {
      const code = node.dataset.state, stances = this.story.stances[code] ?? [];
      let stance = "looks_on";
      for (const [day, name] of stances) if (day <= this.day) stance = name;
      const [words, fill, ink, edge, dashes] = this.looks[stance];
      const shape = node.querySelector(".x-shape");
      shape.setAttribute("fill", fill); shape.setAttribute("stroke", edge); shape.setAttribute("stroke-dasharray", dashes);
      node.querySelector("text").setAttribute("fill", ink);
      node.dataset.stance = stance;
      let label = `${node.dataset.name}, ${node.dataset.role}: ${words}`;
      const objects = (this.story.objections[code] ?? []).some(([from, until]) => from <= this.day && this.day < until);
      node.querySelector(".x-objection")?.setAttribute("visibility", objects ? "visible" : "hidden");
      if (objects) label += ", holds a measure of the council up";
      const ring = node.querySelector(".x-ring");
      if (ring) {
        const taken = (this.story.taken[code] ?? []).filter((day) => day <= this.day).length;
        const round = Number(ring.dataset.round), part = this.story.measures ? taken / this.story.measures : 0;
        ring.setAttribute("stroke-dasharray", `${part * round} ${round}`);
        label += `, ${taken} of ${this.story.measures} measures taken`;
      }
      node.setAttribute("aria-label", label);
      node.querySelector("title").textContent = label;
    },
    showTie(path, pulls) { // grey for what it has done so far, alight for what it does now
      let glow = 0, so_far = 0;
      for (const [day, weight] of pulls) {
        if (day > this.day) break;
        so_far += weight; glow += weight * Math.exp(-(this.day - day) / GLOW_DAYS);
      }
      const alight = glow >= LEAST_GLOW;
      path.classList.toggle("alight", alight);
      path.setAttribute("stroke", alight ? "var(--alight)" : "var(--edge)");
      path.setAttribute("opacity", (alight ? Math.min(0.3 + glow, 0.95) : Math.min(0.12 * so_far, 0.3)).toFixed(2));
      path.setAttribute("stroke-width", (alight ? Math.min(1 + 5 * glow, 6) : Math.min(0.4 + 0.5 * so_far, 2.5)).toFixed(1));
    },
    showCharts() {
      for (const id of this.charts) {
        const chart = getElement(id)?.chart;
        if (!chart || !chart.getOption()?.series?.length) continue;
        chart.setOption({ series: [{ id: "now", markLine: { data: [{ xAxis: this.day }] },
          markArea: { data: [[{ xAxis: this.day }, { xAxis: this.last }]] } }] });
      }
    },
    go(day) { this.untouched = false; this.day = Math.max(0, Math.min(day, this.last)); if (!this.playing) this.tell(); },
    toggle() { this.playing ? this.pause() : this.play(); },
    play() {
      if (this.untouched || this.day >= this.last) this.day = 0;
      this.untouched = false; this.playing = true;
      let before = performance.now(), due = 0;
      const frame = (now) => {
        if (!this.playing) return;
        due += ((now - before) / 1000) * this.speed; before = now;
        if (due >= 1) { this.go(this.day + Math.floor(due)); due %= 1; }
        if (this.day >= this.last) { this.pause(); return; }
        this.timer = requestAnimationFrame(frame);
      };
      this.timer = requestAnimationFrame(frame);
    },
    pause() { this.playing = false; cancelAnimationFrame(this.timer); this.tell(); },
    tell() { // the day that is looked at, once it stands still
      clearTimeout(this.said);
      this.said = setTimeout(() => this.$emit("day", this.day), 150);
    },
    choose(event) {
      const node = event.target.closest?.(".x-node");
      if (node) this.$emit("state", { state: node.dataset.state, day: this.day });
    },
    playByKey(event) { // unless the key means something where the focus is
      const at = event.target, here = this.$el.offsetParent !== null;
      if (!here || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      const taken = at.closest("input, select, textarea, [role=tab], [role=slider], [role=combobox], [role=listbox], .q-menu");
      if (taken || (event.key === " " && at.closest("button, a, summary, [role=button], [role=switch]"))) return;
      const act = { " ": this.toggle, ArrowLeft: () => this.go(this.day - 1), ArrowRight: () => this.go(this.day + 1),
        Home: () => this.go(0), End: () => this.go(this.last) }[event.key];
      if (act) { event.preventDefault(); act(); }
    },
    chooseByKey(event) {
      if ((event.key === "Enter" || event.key === " ") && event.target.classList?.contains("x-node")) {
        event.preventDefault(); this.choose(event);
      }
    },
  },
};
