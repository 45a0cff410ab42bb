import type { Culture } from './culture.ts';

export const arabic: Culture = {
  id: 'arabic',
  region: 'EG',
  country: 'Egypt',
  share: 0.06,
  men: {
    old: 'Muhammad Ahmad Mahmoud Ibrahim Ali Hassan Hussein Mustafa Abdullah Said Youssef Khalil Saad Abd_al-Rahman Abd_al-Aziz Farouk Gamal Anwar Fouad Naguib Sayed Ismail Salah Sulayman',
    middle:
      'Muhammad Ahmad Khaled Tarek Hisham Ashraf Ayman Hany Osama Walid Sherif Alaa Ihab Magdy Nabil Samir Adel Essam Yasser Amr Hazem Mustafa Ali Hassan Abdullah Medhat Atef Wael',
    young:
      'Muhammad Ahmad Omar Youssef Karim Ali Mahmoud Abd_al-Rahman Amr Mustafa Hamza Ziad Yassin Marwan Adam Khalid Islam Bilal Seif Anas Moaz Eyad Zayd Taha Rami',
  },
  women: {
    old: 'Fatima Aisha Zaynab Khadija Nadia Samira Amina Safiya Nabila Umm_Kulthum Karima Nawal Faten Ratiba Naima Hikmat Aziza Hanem Bahiya Soad',
    middle:
      'Mona Hoda Nadia Amal Hanan Iman Manal Nagwa Abeer Samia Sahar Rania Ghada Heba Amira Dina Wafaa Maha Nahla Randa Fatima Azza Hala',
    young:
      'Maryam Fatima Nour Salma Habiba Jana Malak Aya Farida Hana Yasmin Sara Layla Menna Rawan Shahd Nourhan Hagar Aisha Reem Ganna Mariam Esraa Alaa',
  },
  family: {
    frequent:
      'Al-Sayed Hassan Ibrahim Mohamed Ali Mahmoud Mansour Al-Masri Saleh Abdel-Rahman Othman Farag Khalil Al-Khatib Haddad Nasser Darwish Al-Rashid Shahin Al-Najjar Soliman Gaber Al-Ghamdi Al-Qahtani Hamdan Awad Zaki Al-Harbi Abbas Hamdi Al-Otaibi Salem Fahmy Shafik Al-Zahrani Ramadan Tawfiq Al-Shami Aziz Bakr Qasim Al-Tamimi Sabry Rizk Habib Al-Maghrabi Badawi Younis Fathi Lotfy',
    skew: 0.8,
    composed: 0.15,
    start: 'Al- Abu_ Abd_al- El- Bin_',
    end: 'Karim Latif Nur Hamid Qadir Wahab Jabir Faraj Majid Salam Zayd Bakri Dosari Shehri Baghdadi Halabi Basri Yamani Tunisi Jaziri',
  },
  patronymic: 'arabic',
  takesName: 0.03,
  otherScript: true,
  spellings: [
    [/Muhammad/, 'Mohamed'],
    [/Muhammad/, 'Mohammed'],
    [/Muhammad/, 'Mohammad'],
    [/Ahmad/, 'Ahmed'],
    [/^Al-/, 'El-'],
    [/^Al-/, 'Al '],
    [/^Al-/, 'Al'],
    [/^El-/, 'Al-'],
    [/^Al-/, ''],
    [/Abd al-/, 'Abdel '],
    [/Abd al-/, 'Abdul'],
    [/Abdel-/, 'Abdul '],
    [/ou/, 'u'],
    [/u/, 'ou'],
    [/ss/, 's'],
    [/ei/, 'ai'],
    [/q/i, 'K'],
    [/Y(?=ou|u)/, 'J'],
    [/aa/, 'a'],
    [/y(?=m|n)/, 'i'],
    [/dh/, 'd'],
    [/id$/, 'ed'],
    [/ayn/, 'ein'],
    [/^G/, 'J'],
    [/kh/i, 'Kh'],
    [/ah?$/, 'ah'],
    [/y$/, 'i'],
    [/i$/, 'y'],
  ],
  nicknames:
    'Muhammad:Hamada,Mo Ahmad:Hamada Mustafa:Darsh,Mostafa Mahmoud:Hoda Ibrahim:Hima Youssef:Joe Abd_al-Rahman:Boudy Abdullah:Abdo Ismail:Somaa Khaled:Khalouda Fatima:Fatma,Fattouma Maryam:Mimi Nourhan:Nour Yasmin:Yaso Zaynab:Zouba Khadija:Khokha Salma:Soula Habiba:Bebo',
  cities:
    'Cairo/Cairo/11### Alexandria/Alexandria/21### Giza/Giza/12### Shubra_El_Kheima/Qalyubia/13### Port_Said/Port_Said/42### Suez/Suez/43### Luxor/Luxor/85### Mansoura/Dakahlia/35### El_Mahalla_El_Kubra/Gharbia/319## Tanta/Gharbia/31### Asyut/Asyut/71### Ismailia/Ismailia/41### Fayoum/Fayoum/63### Zagazig/Sharqia/44### Aswan/Aswan/81### Damietta/Damietta/34### Minya/Minya/61### Beni_Suef/Beni_Suef/62###',
  towns: {
    start: 'Kafr_el_ Mit_ Abu_ Beni_ Tell_ Shibin_el_ Deir_ El_',
    end: 'Sheikh Ghamr Hammad Mazar Qanater Khanka Kom Hamra Zayat Dawwar Sadat Badrasheen',
    postcode: '#####',
  },
  streets:
    'Tahrir Ramses Nasr Salah_Salem El_Haram El_Geish Talaat_Harb Port_Said Faisal El_Nil Mostafa_Kamel Saad_Zaghloul El_Horreya Abbas_El_Akkad Makram_Ebeid Gameat_El_Dowal El_Batal_Ahmed Shoubra El_Orouba El_Galaa Ahmed_Orabi El_Shahid El_Sawra Mossadak',
  streetKinds: '*_Street Sharia_* *_Square Midan_* *_Road',
  abbreviations: 'Street:St Road:Rd Square:Sq Sharia:Sh. Midan:M.',
  nationalId: '##############',
};
