import type { Culture } from './culture.ts';

export const indian: Culture = {
  id: 'indian',
  region: 'IN',
  country: 'India',
  share: 0.08,
  men: {
    old: 'Ram Mohan Gopal Krishna Hari Shankar Laxman Narayan Jagdish Om_Prakash Ramesh Raghunath Balwant Govind Kishan Madan Vasudev Bhagwan Subramaniam Venkataraman Mahadev Gurdial',
    middle:
      'Rajesh Sanjay Suresh Ramesh Vijay Ashok Anil Sunil Manoj Rakesh Mukesh Dinesh Rajendra Ravi Pradeep Ajay Arun Deepak Prakash Mahesh Sandeep Srinivas Vinod Satish Naresh Harpreet Imran Mohammed Abdul Joseph Murugan Senthil',
    young:
      'Rahul Amit Arjun Rohit Aditya Vikram Karan Aarav Vivaan Rohan Nikhil Ankit Siddharth Harsh Akash Kunal Varun Abhishek Ishaan Yash Pranav Karthik Gaurav Mohammed Aryan Shubham Dev Vishal Tejas',
  },
  women: {
    old: 'Lakshmi Saraswati Kamala Savitri Shanti Sushila Parvati Sita Radha Leela Durga Pushpa Shakuntala Vimala Kaushalya Indira Janaki Rukmini Bhagyalakshmi Draupadi',
    middle:
      'Sunita Anita Rekha Meena Geeta Usha Asha Kavita Seema Lata Suman Neeta Manju Rajni Sarita Jyoti Vandana Poonam Shobha Nirmala Padma Revathi Farida Shabnam Mary Kavitha Sudha',
    young:
      'Priya Pooja Neha Anjali Divya Sneha Aishwarya Shreya Ananya Riya Kavya Nisha Swati Aditi Isha Meera Tanvi Diya Aadhya Saanvi Nandini Sakshi Harini Simran Fatima Ishita Pallavi Deepika',
  },
  family: {
    frequent:
      'Kumar Singh Sharma Devi Patel Gupta Khan Das Verma Yadav Reddy Shah Mishra Jain Nair Rao Joshi Mehta Iyer Agarwal Chaudhary Pandey Chatterjee Banerjee Mukherjee Ghosh Bose Sinha Roy Dutta Menon Pillai Naidu Kulkarni Deshpande Patil Desai Bhatt Trivedi Tiwari Dubey Shukla Srivastava Saxena Malhotra Kapoor Khanna Chopra Arora Bhatia Gill Sandhu Dhillon Sidhu Grewal Kaur Ansari Sheikh Siddiqui Thomas Fernandes DSouza Krishnan Raman Iyengar Hegde Shetty Gowda Thakur Rathore Chauhan Solanki',
    skew: 0.8,
    composed: 0.12,
    start: 'Ananta Bala Chandra Deva Gopala Hari Jaya Maha Nara Padma Raja Rama Siva Sundara Venkata Vijaya',
    end: 'krishnan murthy swamy rajan nathan subramanian raman kumar rao chari',
  },
  oneName: 0.04,
  middle: {
    share: 0.25,
    men: 'Kumar Singh Chandra Lal Prasad Nath Raj Mohan Kant',
    women: 'Devi Kumari Rani Bai Lata Kaur Priya',
  },
  takesName: 0.65,
  spellings: [
    [/ee/, 'i'],
    [/i$/, 'ee'],
    [/v/, 'w'],
    [/w/, 'v'],
    [/ksh/, 'x'],
    [/th/, 't'],
    [/t(?=h?[aiu]$)/, 'th'],
    [/sh/, 's'],
    [/S(?=h?r)/, 'Sh'],
    [/oo/, 'u'],
    [/aa/, 'a'],
    [/a$/, ''],
    [/ary$/, 'ari'],
    [/Chaudhary/, 'Choudhury'],
    [/Mohammed/, 'Md.'],
    [/Mohammed/, 'Mohammad'],
    [/jee$/, 'ji'],
    [/wal$/, 'val'],
    [/Om Prakash/, 'Omprakash'],
  ],
  nicknames:
    'Rajesh:Raju Ramesh:Ramu Suresh:Suri Sanjay:Sanju Vijay:Viju Rajendra:Raj Pradeep:Deepu Manoj:Manu Krishna:Kanha Subramaniam:Mani,Subbu Venkataraman:Venkat Srinivas:Srini Aditya:Adi Abhishek:Abhi Siddharth:Sid Rohit:Ro Harpreet:Harry Karthik:Karti Priya:Priyu Anjali:Anju Sunita:Suni Lakshmi:Laxmi Kavita:Kavi Aishwarya:Aishu Divya:Divi Pooja:Puja Deepika:Dips Saraswati:Saru Simran:Simi',
  cities:
    'Mumbai/Maharashtra/4000## Delhi/Delhi/1100## Bengaluru/Karnataka/5600## Hyderabad/Telangana/5000## Ahmedabad/Gujarat/3800## Chennai/Tamil_Nadu/6000## Kolkata/West_Bengal/7000## Pune/Maharashtra/4110## Jaipur/Rajasthan/3020## Surat/Gujarat/3950## Lucknow/Uttar_Pradesh/2260## Kanpur/Uttar_Pradesh/2080## Nagpur/Maharashtra/4400## Indore/Madhya_Pradesh/4520## Patna/Bihar/8000## Kochi/Kerala/6820## Chandigarh/Chandigarh/1600## Coimbatore/Tamil_Nadu/6410## Mysuru/Karnataka/5700## Bhopal/Madhya_Pradesh/4620##',
  towns: {
    start: 'Amar Bala Chandra Deva Fateh Ganga Hari Jala Krishna Lakshmi Mirza Naga Rama Shiva Sultan Udai Vijaya',
    end: 'pur nagar garh abad palli ganj gaon patnam kot giri',
    postcode: '######',
  },
  streets:
    'Gandhi Nehru Station Tagore Park Temple Market Ambedkar Patel Shivaji Subhash Lajpat_Rai Rajaji Church Main Tilak Lake Hospital College Bazaar Ring Netaji Anna Indira Brigade Residency Linking',
  streetKinds: '*_Road *_Marg *_Street *_Nagar *_Colony *_Cross *_Lane',
  abbreviations: 'Road:Rd Street:St Marg:Mg Nagar:Ngr Colony:Col Cross:X Lane:Ln',
  nationalId: '#### #### ####',
};
