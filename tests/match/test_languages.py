"""Copies are found in every language that the sources write in, and texts on one subject are not taken for copies.

Each text below was written for these tests. The two of a language tell of different things in the phrases that
reports on such things share.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from pipeline.match.fingerprint import fingerprint
from pipeline.match.passages import shared_passages
from pipeline.match.relation import compare, read_text
from pipeline.match.words import hash_words, spans


@dataclass
class Language:
    report: str
    other: str
    rewritten: tuple[tuple[str, str], ...]
    """What a second outlet writes in the report for the same words."""


LANGUAGES = {
    "Ukrainian": Language(
        "Міністри закордонних справ країн Альянсу зібралися у вівторок, щоб обговорити захист підводних кабелів. "
        "За словами речниці, п'ять держав надішлють кораблі до моря вже цього місяця.\n"
        "«Ми не можемо чекати до весни», — заявив міністр оборони після зустрічі.\n"
        "Порт, що постраждав від пошкодження кабелю, знову працює, проте ремонт триватиме щонайменше шість тижнів. "
        "Слідчі вважають, що судно тягнуло якір понад сто кілометрів, і допитують капітана та двох матросів.",
        "Міністри закордонних справ країн Альянсу провели в середу телефонну розмову про вибори на півдні. "
        "За словами речниці, спостерігачі прибудуть до столиці вже цього тижня.\n"
        "Опозиція вимагає перерахунку голосів у дев'яти округах і скликає мітинг біля парламенту. "
        "Голова комісії відкинув ці звинувачення та пообіцяв оприлюднити протоколи до п'ятниці.",
        (("п'ять", "п’ять"), ("обговорити", "обгово\u0301рити"), ("«", "“"), ("»", "”")),
    ),
    "German": Language(
        "Die Außenminister des Bündnisses haben am Dienstag über den Schutz von Seekabeln beraten. Fünf Länder wollen "
        "noch in diesem Monat Schiffe in die Ostsee schicken, wie eine Sprecherin mitteilte.\n"
        "„Wir können nicht bis zum Frühjahr warten“, sagte der Verteidigungsminister nach dem Treffen.\n"
        "Der Hafen, der durch die Störung vom Netz getrennt war, arbeitet wieder, die Reparatur dürfte aber mindestens "
        "sechs Wochen dauern. Nach Überzeugung der Ermittler schleifte das Schiff seinen Anker über hundert Kilometer.",
        "Die Außenminister des Bündnisses haben am Mittwoch über die Wahl im Süden telefoniert. Beobachter sollen noch in "
        "dieser Woche in die Hauptstadt reisen, wie eine Sprecherin mitteilte.\n"
        "Die Opposition verlangt in neun Bezirken eine neue Auszählung und ruft zu einer Kundgebung vor dem Parlament "
        "auf. Der Leiter der Kommission wies die Vorwürfe zurück und will die Protokolle bis Freitag veröffentlichen.",
        (("ü", "ue"), ("ß", "ss"), ("ö", "oe"), ("Überzeugung", "Ueberzeugung"), ("„", "«"), ("“", "»")),
    ),
    "French": Language(
        "Les ministres des affaires étrangères de l'Alliance se sont réunis mardi pour débattre de la protection des "
        "câbles sous-marins. Cinq États enverront des navires dès ce mois-ci, selon une porte-parole.\n"
        "« Nous ne pouvons pas attendre le printemps », a déclaré le ministre de la défense à l'issue de la réunion.\n"
        "Le port touché par la panne a rouvert, mais les réparations dureront au moins six semaines. D'après les "
        "enquêteurs, le bateau a traîné son ancre sur plus de cent kilomètres ; le capitaine est entendu.",
        "Les ministres des affaires étrangères de l'Alliance se sont entretenus mercredi par téléphone de l'élection dans "
        "le sud. Des observateurs arriveront dans la capitale dès cette semaine, selon une porte-parole.\n"
        "L'opposition réclame un nouveau décompte dans neuf circonscriptions et appelle à manifester devant le "
        "Parlement. Le président de la commission a rejeté ces accusations et publiera les résultats vendredi.",
        (("'", "’"), ("États", "Etats"), ("« ", "“"), (" »", "”"), ("é", "e\u0301")),
    ),
    "Arabic": Language(
        "اجتمع وزراء خارجية دول الحلف يوم الثلاثاء لبحث حماية الكابلات البحرية في المنطقة. وقالت متحدثة إن خمس دول سترسل "
        "سفنا إلى البحر قبل نهاية هذا الشهر.\n"
        "«لا يمكننا أن ننتظر حتى الربيع»، قال وزير الدفاع بعد انتهاء الاجتماع.\n"
        "وعاد الميناء المتضرر من انقطاع الكابل إلى العمل، لكن الإصلاح سيستغرق ستة أسابيع على الأقل. ويرى المحققون أن السفينة "
        "جرت مرساتها أكثر من مئة كيلومتر، ويجري استجواب القبطان واثنين من البحارة.",
        "بحث وزراء خارجية دول الحلف يوم الأربعاء في اتصال هاتفي نتائج الانتخابات في الجنوب. وقالت متحدثة إن المراقبين سيصلون "
        "إلى العاصمة قبل نهاية هذا الأسبوع.\n"
        "وتطالب المعارضة بإعادة فرز الأصوات في تسع دوائر وتدعو إلى التجمع أمام البرلمان. ورفض رئيس اللجنة هذه الاتهامات ووعد "
        "بنشر المحاضر يوم الجمعة.",
        (("إلى", "الى"), ("أكثر", "اكثر"), ("الحلف", "الحلـــف"), ("سفنا", "سُفُنًا"), ("حتى", "حتي")),
    ),
    "Greek": Language(
        "Οι υπουργοί Εξωτερικών της Συμμαχίας συναντήθηκαν την Τρίτη για να συζητήσουν την προστασία των υποβρύχιων καλωδίων. "
        "Πέντε χώρες θα στείλουν πλοία μέσα στον μήνα, δήλωσε η εκπρόσωπος.\n"
        "«Δεν μπορούμε να περιμένουμε μέχρι την άνοιξη», είπε ο υπουργός Άμυνας μετά τη συνάντηση.\n"
        "Το λιμάνι που είχε πληγεί από τη βλάβη λειτουργεί ξανά, αλλά η επισκευή θα κρατήσει τουλάχιστον έξι εβδομάδες. "
        "Οι ερευνητές πιστεύουν ότι το πλοίο έσερνε την άγκυρά του για περισσότερα από εκατό χιλιόμετρα.",
        "Οι υπουργοί Εξωτερικών της Συμμαχίας μίλησαν την Τετάρτη τηλεφωνικά για τις εκλογές στον νότο. Παρατηρητές θα φτάσουν "
        "στην πρωτεύουσα μέσα στην εβδομάδα, δήλωσε η εκπρόσωπος.\n"
        "Η αντιπολίτευση ζητεί νέα καταμέτρηση σε εννέα περιφέρειες και καλεί σε συγκέντρωση έξω από τη Βουλή. Ο πρόεδρος της "
        "επιτροπής απέρριψε τις κατηγορίες και θα δημοσιεύσει τα πρακτικά την Παρασκευή.",
        (("Εξωτερικών", "ΕΞΩΤΕΡΙΚΩΝ"), ("Συμμαχίας", "ΣΥΜΜΑΧΙΑΣ"), ("Άμυνας", "Αμυνας"), ("«", "“")),
    ),
    "Turkish": Language(
        "İttifak ülkelerinin dışişleri bakanları salı günü denizaltı kablolarının korunmasını görüşmek üzere bir araya geldi. "
        "Sözcü, beş ülkenin bu ay içinde bölgeye gemi göndereceğini bildirdi.\n"
        "“Bahara kadar bekleyemeyiz” diyen savunma bakanı, toplantının ardından gazetecilerin sorularını yanıtladı.\n"
        "Arızadan etkilenen liman yeniden açıldı ancak onarım en az altı hafta sürecek. Soruşturmayı yürütenler, geminin "
        "çapasını yüz kilometreden fazla sürüklediğini düşünüyor ve kaptanın ifadesini alıyor.",
        "İttifak ülkelerinin dışişleri bakanları çarşamba günü güneydeki seçimi telefonda görüştü. Sözcü, gözlemcilerin bu "
        "hafta içinde başkente geleceğini bildirdi.\n"
        "Muhalefet dokuz bölgede oyların yeniden sayılmasını istiyor ve meclisin önünde miting çağrısı yapıyor. Kurul başkanı "
        "suçlamaları reddetti ve tutanakların cuma gününe kadar yayımlanacağına söz verdi.",
        (("İttifak", "ittifak"), ("dışişleri", "DIŞİŞLERİ"), ("bakanı", "BAKANI"), ("Arızadan", "ARIZADAN")),
    ),
    "Chinese": Language(
        "联盟成员国外交部长星期二举行会议，讨论海底电缆的保护问题。发言人表示，五个国家将在本月内向该海域派出军舰。\n"
        "“我们不能等到春天”，国防部长在会后对记者说。\n"
        "受电缆中断影响的港口已经恢复运营，但维修工作至少需要六个星期。调查人员认为，那艘货轮拖着船锚航行了一百多公里，"
        "目前正在讯问船长和两名水手，并且检查了船上的航海日志。",
        "联盟成员国外交部长星期三通过电话讨论南部地区的选举结果。发言人表示，观察员将在本周内抵达首都。\n"
        "反对派要求在九个选区重新计票，并号召支持者到议会大楼前集会。选举委员会主席否认有关指控，"
        "承诺在星期五之前公布全部记录，同时呼吁各方保持冷静，避免发生冲突。",
        (("，", ","), ("五个国家", "五个\n国家"), ("“", "「"), ("”", "」")),
    ),
    "Japanese": Language(
        "同盟国の外相らは火曜日に会合を開き、海底ケーブルの保護について協議した。報道官によると、五カ国が今月中に艦船を派遣する。\n"
        "「春まで待つことはできない」と国防相は会合の後で記者団に語った。\n"
        "ケーブルの切断で影響を受けた港は業務を再開したが、修理には少なくとも六週間かかる見通しだ。捜査当局は、"
        "貨物船がいかりを百キロ以上にわたって引きずったとみて、船長と乗組員二人から事情を聴いている。",
        "同盟国の外相らは水曜日に電話で会談し、南部の選挙について協議した。報道官によると、監視団は今週中に首都に到着する。\n"
        "野党は九つの選挙区で票の再集計を求め、議会前での集会を呼びかけている。選挙管理委員会の委員長は疑惑を否定し、"
        "金曜日までにすべての記録を公表すると約束した。",
        (("ケーブル", "ｹｰﾌﾞﾙ"), ("、", "､"), ("五カ国", "五カ\n国")),
    ),
    "Hebrew": Language(
        "שרי החוץ של מדינות הברית נפגשו ביום שלישי כדי לדון בהגנה על הכבלים התת-ימיים. לדברי הדוברת, חמש מדינות ישלחו ספינות "
        "לאזור עוד החודש.\n„איננו יכולים לחכות עד האביב”, אמר שר הביטחון לאחר הפגישה.\n"
        "הנמל שנפגע מהתקלה חזר לפעול, אך התיקון יימשך לפחות שישה שבועות. החוקרים סבורים שהאונייה גררה את העוגן יותר ממאה "
        "קילומטרים, והם חוקרים את הקברניט ושני מלחים.",
        "שרי החוץ של מדינות הברית שוחחו ביום רביעי בטלפון על הבחירות בדרום. לדברי הדוברת, משקיפים יגיעו לבירה עוד השבוע.\n"
        "האופוזיציה דורשת ספירה חוזרת בתשעה מחוזות וקוראת להפגין מול הפרלמנט. יושב ראש הוועדה דחה את ההאשמות והבטיח לפרסם את "
        "הפרוטוקולים עד יום שישי.",
        (("שלישי", "שְׁלִישִׁי"), ("הכבלים", "הַכְּבָלִים"), ("„", '"'), ("”", '"')),
    ),
    "Thai": Language(
        "รัฐมนตรีต่างประเทศของกลุ่มพันธมิตรประชุมกันเมื่อวันอังคารเพื่อหารือเรื่องการคุ้มครองสายเคเบิลใต้น้ำ "
        "โฆษกหญิงกล่าวว่าห้าประเทศจะส่งเรือไปยังทะเลภายในเดือนนี้\n"
        "ท่าเรือที่ได้รับผลกระทบกลับมาเปิดอีกครั้งแล้ว แต่การซ่อมแซมจะใช้เวลาอย่างน้อยหกสัปดาห์ "
        "เจ้าหน้าที่สอบสวนเชื่อว่าเรือลากสมอไปไกลกว่าหนึ่งร้อยกิโลเมตร",
        "รัฐมนตรีต่างประเทศของกลุ่มพันธมิตรคุยกันทางโทรศัพท์เมื่อวันพุธเกี่ยวกับการเลือกตั้งทางใต้ "
        "ฝ่ายค้านเรียกร้องให้นับคะแนนใหม่ในเก้าเขตและชุมนุมหน้ารัฐสภา "
        "ประธานคณะกรรมการปฏิเสธข้อกล่าวหาและสัญญาว่าจะเผยแพร่เอกสารทั้งหมดภายในวันศุกร์",
        (("สายเคเบิล", "สาย\u200bเคเบิล"), (" ", "  ")),
    ),
}

EACH = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


def kind(one: str, other: str) -> str:
    texts = sorted((read_text(one), read_text(other)), key=lambda text: len(text.words))
    return compare(*texts)[0]


@EACH
def test_one_report_in_two_spellings_is_identical(language):
    copy = language.report
    for written, rewritten in language.rewritten:
        assert written in copy, written
        copy = copy.replace(written, rewritten)
    assert kind(language.report, copy) == "identical"


@EACH
def test_a_report_that_lost_its_last_sentences_is_a_copy(language):
    assert kind(language.report, language.report[: len(language.report) * 3 // 4]) in {"near", "contains"}


@EACH
def test_a_report_within_a_longer_text_is_contained_and_has_its_hashes(language):
    wrapped = f"{language.other}\n{language.report}"
    assert kind(language.report, wrapped) == "contains"
    shared = set(fingerprint(hash_words(language.report))) & set(fingerprint(hash_words(wrapped)))
    assert len(shared) >= 3


@EACH
def test_two_reports_on_one_subject_are_no_copies(language):
    assert kind(language.report, language.other) == "none"


@EACH
def test_a_shared_sentence_is_found_where_it_stands(language):
    sentence = language.report.split("\n")[-1]
    one, other = f"{sentence}\n{language.other}", f"{language.other}\n{sentence}"
    shorter, longer = read_text(one), read_text(other)
    found = shared_passages(shorter, longer)
    assert found[0].start_shorter == 0
    first, last = spans(one)[0], spans(one)[found[0].words - 1]
    assert one[first[0] : last[1]].rstrip(".。") == sentence.rstrip(".。")


def test_no_language_is_taken_for_another():
    texts = [text for language in LANGUAGES.values() for text in (language.report, language.other)]
    for index, one in enumerate(texts):
        for other in texts[:index]:
            assert kind(one, other) == "none"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("край", "краи"),
        ("їжа", "іжа"),
        ("дім", "дим"),
        ("مدرس", "مدارس"),
        ("की", "का"),
        ("สี", "สา"),
        ("川", "河"),
    ],
)
def test_letters_that_only_look_alike_stay_apart(one, other):
    assert not np.array_equal(hash_words(one), hash_words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İstanbul ISPARTA ılık", "istanbul ısparta ILIK"),
        ("ΑΘΗΝΑ ὁδός", "Αθήνα οδοσ"),
        ("Müller Söhne Straße", "Mueller Soehne Strasse"),
        ("façade cœur Noël ŒUVRE", "facade coeur Noel oeuvre"),
        ("ёлка Королёв", "елка Королев"),
        ("٢٠٢٤ ۲۰۲۴", "2024 2024"),
        ("ﷲ أحمد آمال مؤتمر", "الله احمد امال موتمر"),
        ("Sil\u00adben\u00adtren\u00adnung", "Silbentrennung"),
        ("हिन्दी समाचार", "हिन्दी\u200c समाचार"),
        ("ŁÓDŹ Đakovo Ærø", "łodz dakovo aero"),
    ],
)
def test_what_writers_leave_out_makes_no_other_word(one, other):
    assert np.array_equal(hash_words(one), hash_words(other))
