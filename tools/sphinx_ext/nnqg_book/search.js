// How the search splits what is asked, and orders what is found: titles, then the pages that say it most often, the library last.
var splitQuery = (query) =>
  query.normalize("NFKD").replace(/\p{M}/gu, "")
    .match(/\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?\/\d{7}|[\p{Letter}\p{Number}_]+/giu) || [];

var Scorer = {
  // as Sphinx has it
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,

  stems: (text) => {
    const stemmer = new Stemmer();
    const words = splitQuery(text.toLowerCase()).filter((word) => !stopwords.includes(word));
    return words.map((word) => stemmer.stemWord(word));
  },

  // how often a page says a stem, or two stems one after the other
  count: (page, words) => {
    const number = wordCounts.pages.indexOf(page);
    const found = Object.hasOwn(wordCounts.words, words) ? wordCounts.words[words] : [];
    const place = found.findIndex((value, index) => index % 2 === 0 && value === number);
    return place < 0 ? 0 : found[place + 1];
  },

  // how often it says what is asked, as it is asked; words that stand apart count a fifth
  said: (page, asked) => {
    const least = (words) => (words.length ? Math.min(...words.map((word) => Scorer.count(page, word))) : 0);
    const pairs = asked.slice(1).map((word, index) => `${asked[index]} ${word}`);
    return asked.length > 1 ? least(pairs) + least(asked) / 5 : least(asked);
  },

  score: ([page, title, anchor, description, score]) => {
    if (description !== null || page.startsWith("chapters/reference/library")) return score - 100;
    const asked = Scorer.stems(new URLSearchParams(window.location.search).get("q") || "");
    const inTitle = asked.length && asked.every((word) => Scorer.stems(title).includes(word)) ? 10 : 0;
    const besides = page.startsWith("chapters/reference/") && page !== "chapters/reference/errata" ? 10 : 0;
    return Math.min(score, 5) + inTitle + 4 * Math.log2(1 + Scorer.said(page, asked)) - besides - (anchor ? 3 : 0);
  },
};
