import Timeline

/// Prompts of seeded English-like words.
///
/// The first word of every prompt is made up and unlike that of every other, so that no prompt shares a beginning with
/// another and a server's prefix cache cannot answer for the model.
struct SyntheticPrompts {
    let seed: UInt64
    let words: Int

    /// The text of one prompt: the same for the same seed and position, whatever the count.
    func text(at position: Int) -> String {
        var generator = SeededGenerator(seed: seed, purpose: "synthetic prompt \(words) \(position)")
        var text = nonce(position)
        for _ in 1..<max(words, 1) {
            text += " " + Self.vocabulary[Int.random(in: 0..<Self.vocabulary.count, using: &generator)]
        }
        return text
    }

    /// A made-up word of four syllables: the position, mixed one-to-one.
    private func nonce(_ position: Int) -> String {
        let range = Self.syllables * Self.syllables * Self.syllables * Self.syllables
        var generator = SeededGenerator(seed: seed, purpose: "synthetic prompt nonce")
        let offset = Int.random(in: 0..<range, using: &generator)
        var number = (position % range * Self.stride + offset) % range
        var word = ""
        for _ in 0..<4 {
            let syllable = number % Self.syllables
            word.append(Self.consonants[syllable / Self.vowels.count])
            word.append(Self.vowels[syllable % Self.vowels.count])
            number /= Self.syllables
        }
        return word
    }

    private static let consonants = Array("bdfgklmnprstvz")
    private static let vowels = Array("aeiou")
    private static let syllables = consonants.count * vowels.count
    /// A prime, so that it shares no factor with 70 to the fourth and no two positions below that get the same word.
    private static let stride = 6_700_417

    private static let vocabulary = """
        about above across after again almost along always among answer around because become before begin \
        behind below between both bring build call carry change city clear close cold common country cover \
        daily deep different door early earth enough every example family field figure find first follow \
        forest friend garden general give great green group grow half happen hard hear heavy high home hour \
        house hundred idea island keep kind know language large last later learn leave letter life light \
        line listen little long machine make many market matter measure minute money morning mountain move \
        music name near never night north notice number often open order other paper part pattern people \
        piece place plant point power problem question quick quiet rain reach read ready reason record river \
        road room round sail same school second sentence several shape short simple small song sound south \
        space stand start state still stone story street strong study sudden summer table teach thing think \
        thousand through time together town travel tree under until usual valley voice walk warm watch water \
        weather week west while white whole wind winter woman wonder wood word work world write year young
        """.split(separator: " ").map(String.init)
}
