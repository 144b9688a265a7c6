"""Names and sketches for personas: made up, so that nobody is described."""

_FIRST = """Aaliyah Aiko Alejandra Amara Anders Anjali Ariel Astrid Beatriz Bilal Bronwyn Camille Chidi Chloe Dalia Dario Dilnoza
Ebba Eduardo Elif Emeka Esther Farah Felix Fiona Gabriel Giulia Hana Hassan Hiroshi Ines Ingrid Isaac Ivana Jamal Jiho Joana Jonas
Kamala Katarina Kenji Kwame Leila Lerato Linh Lucia Maja Malik Mei Miguel Mirjam Nadia Naoko Nikhil Noor Olamide Oleksandr Paloma
Priya Rafael Rania Ravi Rosalind Ruben Samira Sanjay Sefa Sigrid Soo-jin Tarek Teodora Thandiwe Tomasz Valentina Wei Ximena Yara
Yusuf Zanele Zofia"""
_LAST = """Abara Adeyemi Aguilar Almeida Andersson Bajwa Bakker Banerjee Barros Bergstrom Bianchi Castellanos Chaudhry Chen Cisse
Costa Dahl Dimitrov Dlamini Duarte Egan Eriksen Farouk Fernandes Fitzgerald Fontaine Fujimoto Garrido Georgiou Haddad Halvorsen
Hartmann Hussain Ibarra Ivanova Jankowski Joshi Kaplan Karlsson Kaya Khoury Kimura Kovacs Laurent Lindqvist Mahlangu Marchetti
Mbeki Mehta Moreau Nakamura Ndiaye Novak Nwosu Obrecht Okafor Oliveira Osei Ozturk Park Petrov Quispe Rahman Ramirez Reyes Rossi
Sandoval Sato Schreiber Serrano Sharma Silva Suzuki Takahashi Tran Vasquez Verma Vos Weiss Yilmaz"""
FIRST, LAST = _FIRST.split(), _LAST.split()
SENIORITY = ("", "", "", "Senior ", "Regional ", "Associate ", "Lead ")
SKETCHES = (
    "Builds bridges between science and daily practice; wants fewer systems and more time with people",
    "Careful with numbers and quick to spot what does not add up; distrusts averages",
    "Came from hospital practice and thinks in patients, not in brands",
    "Runs a small team across three time zones and plans every hour of the week",
    "New to the company, learns fast and asks why things are done this way",
    "Has launched five products and knows which shortcuts cost more than they save",
    "Writes clearly, reads everything and is asked by everybody for a second opinion",
    "Likes a clean process, and changes it when it stops serving its purpose",
    "Works half days in the field and half days on the numbers behind it",
    "Speaks four languages and translates between headquarters and the countries",
    "Turned from engineering to health care to see the effect of the work",
    "Keeps a list of promises made to partners and checks it every Friday",
    "Prefers a phone call to a slide deck and a test to an opinion",
    "Feels responsible for the quiet voices in the room and invites them in",
    "Measures twice, decides once and writes down why",
    "Was a patient once and remembers what the waiting was like",
    "Trusts data that can be traced and people who say that they do not know",
    "Sees patterns early and struggles to get them heard in time",
    "Mentors two younger colleagues and learns new tools from them",
    "Protects the team from urgent requests that are not important",
)
EVIDENCE = (
    "Expert panel with 12 participants, 2026",
    "Survey of 140 role holders, 2025",
    "Twenty interviews across six affiliates",
    "Workshop with the function, March 2026",
    "Time study in two affiliates",
    "Advisory board, autumn 2025",
    "Desk research and two expert interviews",
)
RESEARCH = (
    "Workload survey of a professional society, 2025",
    "Published job descriptions of fourteen companies",
    "Conference talks by holders of the role, 2023 to 2025",
    "Peer-reviewed study of how the role decides, 2022",
    "Public consultation in which the profession commented, 2024",
    "National health workforce statistics, 2025",
)
OPINIONS = (
    "Former head of the function, two conversations",
    "Trainer who has taught the role for ten years",
    "Hospital partner who works with the role every week",
    "Recruiter for health and life sciences, one interview",
    "Retired assessor, review of the persona in writing",
)
CASES = (
    "One week beside a holder of the role",
    "How a team of four moved its work into one system",
    "A project followed from the first request to its end",
    "What changed when an affiliate shared the role with its neighbour",
)
