# ruff: noqa: SIM905 - in columns of words, names can be read
"""The words that made-up people, streets and complaints are made of: nobody could take them for real ones."""

WOMEN = (
    "Ada Aisha Amara Anwen Beatrix Bola Bronwen Carys Chidinma Clara Daphne Dilys Edith Elspeth Esme Fatima Febe "
    "Fern Freya Gwen Halima Hana Imogen Ines Iris Jaya Joan Kezia Lakshmi Leila Lucja Mabel Maeve Marta Mei Mirela "
    "Nadia Niamh Noor Oluchi Olwen Peggy Priya Rosa Ruth Saoirse Shanti Sunita Tilda Una Winifred Yasmin Zainab Zuzanna"
).split()
MEN = (
    "Abdul Albie Alun Arjun Barnaby Bashir Bogdan Cai Chidi Cuthbert Dafydd Darius Dev Emeka Emrys Farouk Felix "
    "Gethin Gus Hamza Hugo Idris Ivor Jamal Jun Kamal Kofi Krzysztof Lewin Luca Malik Mateusz Monty Nikhil Osian "
    "Otis Pavel Percy Piotr Quentin Rafi Ravi Rhys Sanjay Stan Tariq Tomos Uchenna Vikram Wilf Xavier Yusuf Zach"
).split()

SURNAMES = (
    "Testperson Madeup Examplar Pretend Makebelieve Notreal Imagined Storybook Placeholder Standin Sampleworth "
    "Mockingham Fictionby Inventley Fabulate Whatnot Thingummy Whosit Nobodyson Anybodi Somebodi Neverwas "
    "Onceuponatime Daydreamer Hypothet Supposeby Loremson Ipsumworth Doesnotexist Examplethwaite Fancyful "
    "Imaginarium Phantomby "
    "Sketchley-Draft Puppetson Paperfolk Figment Figmentworth Unlikelihood Perhapson Nevermore-Never Sobriquet "
    "O'Madeup D’Invention O'Fiction Mac-an-Example"
).split()
# "Made up", "invented" or "imaginary" in the languages that England speaks at home.
SURNAMES_ELSEWHERE = (
    "Zmyślona Inventada Fictif Erfunden Verzonnen Påhittad Øpdigtet Keksitty Dychmygol Samhlaíoch Uydurma "
    "Immaginária Kusadikika Kalpanik Išgalvotas Výmysl Imaginé"
).split()

LONG_GIVEN = "Wilhelmina-Anastasia Clementine Philippa-Rosamund Georgiana"
LONG_FAMILY = "Extraordinarily-Longname-Examplethwaite-Mockingham-Madeup"

STREETS = (
    "Made-up Lane",
    "Example Street",
    "Pretend Road",
    "Sample Crescent",
    "Placeholder Avenue",
    "Nowhere Close",
    "Figment Row",
    "Invented Terrace",
    "Imaginary Gardens",
    "Notional Mews",
    "St Nobody’s Hill",
    "Let’s-Say Street",
)
TOWN = "Exampleton"
CARE_HOME = "Makebelieve Court Care Home"

REASONS = (
    "Sore knee for three weeks",
    "Cough that will not go away",
    "Rash on both arms",
    "Trouble sleeping",
    "Back pain",
    "To talk about my medicines",
    "Headaches",
    "Tired all the time",
    "Earache",
    "Blood pressure",
    "Follow-up, as agreed last time",
    "Sick note",
    "Asthma",
    "",
    "",
    "",
)
