package repscorer.training.network;

import java.util.List;

/** Names and phrases that made-up people use. */
final class Words {

    /**
     * A topic.
     *
     * @param group topics of one group share readers
     */
    record Topic(String name, String group, List<String> phrases) {
        static Topic of(String name, String group, String... phrases) {
            return new Topic(name, group, List.of(phrases));
        }
    }

    static final List<Topic> TOPICS = List.of(
            Topic.of(
                    "jazz",
                    "music",
                    "a Coltrane bootleg",
                    "walking bass lines",
                    "the late set at the club",
                    "modal solos",
                    "brushes on a snare"),
            Topic.of(
                    "football",
                    "sport",
                    "the derby",
                    "a last-minute equaliser",
                    "the transfer window",
                    "that offside call",
                    "a goalkeeper's double save"),
            Topic.of(
                    "astronomy",
                    "science",
                    "the ring nebula",
                    "Saturn's rings tonight",
                    "a home-built telescope",
                    "the meteor shower",
                    "a comet near Vega"),
            Topic.of(
                    "gardening",
                    "home",
                    "tomato seedlings",
                    "composting in winter",
                    "pruning roses",
                    "slugs in the lettuce",
                    "a raised bed"),
            Topic.of(
                    "cooking",
                    "home",
                    "a slow ragù",
                    "knife skills",
                    "my grandmother's stock",
                    "cast-iron pans",
                    "a salt crust"),
            Topic.of(
                    "java",
                    "tech",
                    "virtual threads",
                    "a garbage collector pause",
                    "pattern matching",
                    "the module path",
                    "a flame graph"),
            Topic.of(
                    "politics",
                    "society",
                    "the budget debate",
                    "a by-election",
                    "the coalition talks",
                    "turnout figures",
                    "a committee hearing"),
            Topic.of(
                    "photography",
                    "arts",
                    "golden hour light",
                    "a 35 mm prime",
                    "developing film at home",
                    "street portraits",
                    "long exposures"),
            Topic.of(
                    "running",
                    "sport",
                    "tempo intervals",
                    "a marathon plan",
                    "trail shoes",
                    "a negative split",
                    "the long Sunday run"),
            Topic.of(
                    "vinyl",
                    "music",
                    "a first pressing",
                    "the crate at the back of the shop",
                    "a new stylus",
                    "gatefold sleeves",
                    "side B"),
            Topic.of(
                    "chess",
                    "games",
                    "the Sicilian",
                    "a rook endgame",
                    "that queen sacrifice",
                    "blitz at midnight",
                    "the candidates' tournament"),
            Topic.of(
                    "cinema",
                    "arts",
                    "a long tracking shot",
                    "the director's cut",
                    "a restored print",
                    "the festival line-up",
                    "film noir lighting"),
            Topic.of(
                    "climate",
                    "science",
                    "sea-level data",
                    "the heat-pump figures",
                    "a glacier survey",
                    "grid batteries",
                    "the emissions report"),
            Topic.of(
                    "cycling",
                    "sport",
                    "a mountain stage",
                    "tubeless tyres",
                    "the morning commute by bike",
                    "a gravel loop",
                    "gear ratios"),
            Topic.of(
                    "poetry",
                    "arts",
                    "a sonnet a day",
                    "line breaks",
                    "a reading in the bookshop",
                    "slant rhyme",
                    "a translated haiku"),
            Topic.of(
                    "opera",
                    "music",
                    "the second-act duet",
                    "a new Tosca",
                    "the tenor's high C",
                    "surtitles",
                    "a baroque revival"),
            Topic.of(
                    "robotics",
                    "tech",
                    "a six-axis arm",
                    "servo tuning",
                    "a walking robot",
                    "lidar maps",
                    "the line-follower contest"),
            Topic.of(
                    "baking",
                    "home",
                    "a sourdough starter",
                    "laminated dough",
                    "rye at 80 percent hydration",
                    "the oven spring",
                    "croissants"),
            Topic.of(
                    "tennis",
                    "sport",
                    "a five-set match",
                    "clay-court season",
                    "a one-handed backhand",
                    "the tie-break",
                    "second serves"),
            Topic.of(
                    "history",
                    "society",
                    "a Roman road",
                    "letters from 1848",
                    "the archive's new scans",
                    "a Bronze Age hoard",
                    "trade routes"),
            Topic.of(
                    "economics",
                    "society",
                    "the inflation print",
                    "yield curves",
                    "a minimum-wage study",
                    "auction theory",
                    "trade balances"),
            Topic.of(
                    "techno",
                    "music",
                    "a warehouse set",
                    "a modular patch",
                    "the 909 kick",
                    "a closing track",
                    "acid lines"),
            Topic.of(
                    "board-games",
                    "games",
                    "a co-op campaign",
                    "worker placement",
                    "the expansion",
                    "a five-player table",
                    "painted miniatures"),
            Topic.of(
                    "biology",
                    "science",
                    "a protein fold",
                    "tardigrades",
                    "the field notebook",
                    "mycelium networks",
                    "a gene drive"),
            Topic.of(
                    "hiking",
                    "outdoors",
                    "the ridge trail",
                    "a hut above the clouds",
                    "waterproof boots",
                    "a three-day loop",
                    "the map and compass"),
            Topic.of(
                    "birds",
                    "outdoors",
                    "a pair of kingfishers",
                    "the dawn chorus",
                    "a ringing station",
                    "swifts returning",
                    "an owl's pellet"),
            Topic.of(
                    "architecture",
                    "arts",
                    "a brutalist library",
                    "timber frames",
                    "the atrium's light",
                    "a terrace of brick houses",
                    "reused concrete"),
            Topic.of(
                    "databases",
                    "tech",
                    "a query plan",
                    "write-ahead logs",
                    "an index nobody uses",
                    "isolation levels",
                    "a vacuum at noon"),
            Topic.of(
                    "sailing",
                    "outdoors",
                    "a reef in the main",
                    "the tide tables",
                    "a night passage",
                    "varnishing the tiller",
                    "a following sea"),
            Topic.of(
                    "crosswords",
                    "games",
                    "a cryptic clue",
                    "the Saturday grid",
                    "an anagram of itself",
                    "a pangram",
                    "setting my first puzzle"),
            Topic.of(
                    "travel",
                    "outdoors",
                    "the night train",
                    "a hostel kitchen",
                    "three words of Georgian",
                    "a ferry at dawn",
                    "carry-on only"),
            Topic.of(
                    "parenting",
                    "home",
                    "the school run",
                    "a toddler's logic",
                    "packed lunches",
                    "bedtime stories",
                    "nap schedules"));

    static final List<String> FIRST_NAMES = List.of(
            "maria", "james", "aiko", "omar", "lena", "tomas", "priya", "kofi", "anna", "diego", "mei", "ivan", "sara",
            "noah", "fatima", "lucas", "elif", "jonas", "chloe", "raj", "nina", "pablo", "yara", "oskar", "ines",
            "hugo", "zofia", "amir", "clara", "kenji", "laila", "marco", "freya", "samir", "greta", "andre", "hana",
            "viktor", "rosa", "tariq", "ella", "mateo", "sofia", "emil", "nadia", "felix", "amara", "pedro", "iris",
            "jakub", "leila", "simon", "vera", "hassan", "alma", "bruno", "mina", "erik", "paula", "kwame", "lucy",
            "stefan", "dina", "carlos", "ruth", "milan", "tara", "victor", "olga", "dario", "ayse", "henry", "jana",
            "rafael", "edith", "ali", "karin", "leon", "maya", "nikos", "petra", "quinn", "rita", "sven", "thea", "ugo",
            "wanda", "xenia", "yusuf", "zara", "adam", "bella", "colin", "daria", "ezra", "fiona", "goran", "helga",
            "igor", "julia", "karl", "lotte", "max", "nora", "otto", "pia", "ravi", "selma", "theo", "uma", "vito",
            "will", "ximena", "yann", "zeno", "ada", "bo", "cem", "dora");

    /** Two phrases of a topic go in. */
    static final List<String> SENTENCES = List.of(
            "Can't stop thinking about %s.",
            "Today: %s. Tomorrow: %s.",
            "Unpopular opinion: %s beats %s.",
            "Everything I know about %s, in one thread.",
            "Who else is into %s?",
            "Spent the whole evening on %s and %s.",
            "A short note on %s.",
            "If you only try one thing this week, make it %s.",
            "From %s to %s: what I learnt this year.",
            "Question for the experts: %s or %s?",
            "Finally, %s done right.",
            "You have to see this: %s.",
            "Three years ago I knew nothing of %s.",
            "Still dreaming of %s.");

    private Words() {}
}
